import { BadParameter } from '../output/errors';

/** Bounds the headers of a part, in characters; browsers send about 200. */
const MAX_HEAD = 8 * 1024;

const unreadable = () => new BadParameter(['请求体不是合法的 multipart/form-data']);

/**
 * The fields of a multipart body, read as PHP does: the value is the part's bytes, whatever charset or transfer
 * encoding the part names. Every part must be a field: one that is skipped may be a filter, and an answer without it
 * would have too many rows. Only the part of a file input in which no file was chosen (no file name, no bytes) sends
 * nothing. No library, because they decode a part by the charset it names and skip parts that they cannot read.
 * @param body decoded, without its byte order mark
 * @returns pairs of name and value, in the order of the body
 * @throws BadParameter for a file, or a body that is not multipart
 */
export function readMultipart(body: string, contentType: string): [name: string, value: string][] {
  const delimiter = `\n--${boundaryOf(contentType)}`;
  const text = `\r\n${body}`; // the first delimiter may be the first line
  const pairs: [string, string][] = [];
  let at = text.indexOf(delimiter);
  while (at !== -1) {
    if (text[at - 1] !== '\r') throw unreadable(); // PHP takes a bare LF for the end of a value
    const start = at + delimiter.length;
    at = text.indexOf(delimiter, start);
    if (text.startsWith('--', start)) {
      if (at !== -1) throw unreadable(); // PHP goes on reading after the end
      return pairs;
    }
    if (at === -1) break;
    const pair = fieldOf(text.slice(start, at - 1));
    if (pair) pairs.push(pair);
  }
  throw unreadable(); // no delimiter, or cut off before the end
}

function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (!boundary) throw unreadable();
  return boundary;
}

/** @param part from the end of its delimiter to the next one */
function fieldOf(part: string): [string, string] | undefined {
  const end = part.indexOf('\r\n\r\n');
  if (end === -1 || end > MAX_HEAD || !part.startsWith('\r\n')) throw unreadable();
  const { name, filename } = dispositionOf(part.slice(2, end).split('\r\n'));
  const value = part.slice(end + 4);
  if (name === undefined) throw unreadable();
  if (filename === undefined) return [name, value];
  if (filename !== '' || value !== '') throw new BadParameter(['不支持上传文件']);
  return undefined;
}

const HEADER = /^([!#$%&'*+.^`|~\w-]+)[ \t]*:[ \t]*(.*)$/s;

/** A parameter of a header: text in quotes, with `\"` and `\\` for `"` and `\`, or a word. */
const PARAMETER = /[ \t]*;[ \t]*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"'\\]+))/sy;

/** The parameters of the one Content-Disposition among a part's headers. @throws BadParameter */
function dispositionOf(lines: string[]): Record<string, string | undefined> {
  const headers = lines.map((line) => HEADER.exec(line) ?? []);
  const [disposition, ...others] = headers.filter(([, name]) => name?.toLowerCase() === 'content-disposition');
  if (!disposition || others.length > 0 || headers.some(({ length }) => length === 0)) throw unreadable();
  return parametersOf(disposition[2]!.trimEnd());
}

function parametersOf(disposition: string): Record<string, string | undefined> {
  if (!/^form-data/i.test(disposition)) throw unreadable();
  const parameters = Object.create(null) as Record<string, string>;
  PARAMETER.lastIndex = 'form-data'.length;
  while (PARAMETER.lastIndex < disposition.length) {
    const [, name, quoted, word] = PARAMETER.exec(disposition) ?? [];
    if (name === undefined) throw unreadable();
    const key = name.toLowerCase().replace(/^filename\*$/, 'filename');
    if (key in parameters && key === 'name') throw unreadable();
    parameters[key] = quoted?.replace(/\\(["\\])/g, '$1') ?? word!;
  }
  return parameters;
}
