import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { BadCallback } from './errors';

/** Elements of an XML document by name, one level deep, all as text. */
export type Elements = Readonly<Record<string, string>>;

/** Bounds what is parsed of a body whose signature is not checked yet: WeCom sends three elements. */
const MAX_OUTER_TAGS = 32;

/** Entities stay as they are written and numbers stay text: an id is never read as something else. */
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, processEntities: false });

/**
 * The ciphertext in the body of a callback. @throws BadCallback
 */
export function encryptedIn(body: string): string {
  if (body.split('<', MAX_OUTER_TAGS + 2).length > MAX_OUTER_TAGS + 1) throw new BadCallback();
  const { Encrypt: encrypted } = elementsOf(body);
  if (!encrypted) throw new BadCallback();
  return encrypted;
}

/**
 * The elements of an `<xml>` document, whose texts may or may not be CDATA. Elements that hold others, or that are there
 * twice, are left out.
 * @throws BadCallback for a DTD and what is not well-formed
 */
export function elementsOf(text: string): Elements {
  if (hasDtd(text) || XMLValidator.validate(text) !== true) throw new BadCallback();
  const { xml } = parse(text) as { xml?: unknown };
  if (typeof xml !== 'object' || xml === null) throw new BadCallback();
  const elements = Object.entries(xml).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.assign(Object.create(null), Object.fromEntries(elements)) as Elements;
}

/** Whether a text declares a document type or entities; a CDATA section may hold such words. */
function hasDtd(text: string): boolean {
  return /<!(?!--)/.test(text.replace(/<!\[CDATA\[.*?\]\]>/gs, ''));
}

function parse(text: string): unknown {
  try {
    return parser.parse(text);
  } catch {
    throw new BadCallback(); // nested too deep, forbidden names …
  }
}
