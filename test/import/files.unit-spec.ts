import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSource, Format } from '../../src/import/files/file-source';
import type { Encoding } from '../../src/import/files/scan';
import type { KindName } from '../../src/import/kind-names';
import { fieldsOf } from '../../src/import/registry';
import type { Came } from '../../src/import/source';

/** `1001,示例,广州` with its header in Chinese, as Excel in China saves it. */
const GB18030 = Buffer.concat([
  Buffer.from('bfcdbba7b1eacab6', 'hex'), // 客户标识
  Buffer.from(','),
  Buffer.from('bfcdbba7c3fbb3c6', 'hex'), // 客户名称
  Buffer.from(','),
  Buffer.from('cad0', 'hex'), // 市
  Buffer.from('\r\n1001,'),
  Buffer.from('8139ef30', 'hex'), // 㐁, a character of four bytes
  Buffer.from(','),
  Buffer.from('b9e3d6dd', 'hex'), // 广州
  Buffer.from('\r\n'),
]);

describe('a file', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-files-'));
  });

  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  const open = (content: string | Buffer, format: Format, kind: KindName, encoding?: Encoding) => {
    const path = join(directory, `rows.${format}`);
    writeFileSync(path, content);
    return FileSource.open(path, fieldsOf(kind), format, encoding);
  };

  const rowsOf = async (source: FileSource, after?: string): Promise<Came[]> => {
    const rows: Came[] = [];
    for await (const batch of source.batches(after)) rows.push(...batch.rows);
    return rows;
  };

  const csv = async (content: string | Buffer, kind: KindName = 'customers', encoding?: Encoding) =>
    rowsOf(await open(content, 'csv', kind, encoding));
  const jsonl = async (content: string | Buffer) => rowsOf(await open(content, 'jsonl', 'customers'));

  const ROW = { customer_id: '1001', customer_name: '示例' };

  test.each([
    ['names of the wire', 'customer_id,customer_name\n1001,示例\n'],
    ['Chinese names', '客户标识,客户名称\n1001,示例\n'],
    ['both, with spaces', ' 客户标识 ,customer_name\n1001,示例\n'],
    ['a byte order mark', '\ufeff客户标识,客户名称\n1001,示例\n'],
    ['a mark before a quote', '\ufeff"客户标识","客户名称"\n1001,示例\n'],
    ['CRLF, and none at the end', 'customer_id,customer_name\r\n1001,示例'],
    ['CR', 'customer_id,customer_name\r1001,示例\r'],
    ['quotes', '"customer_id","customer_name"\n"1001","示例"\n'],
    ['empty lines', 'customer_id,customer_name\n\n1001,示例\n\n'],
  ])('CSV with %s', async (_name, content) => {
    const [came, ...others] = await csv(content);
    expect(came!.row).toEqual(ROW);
    expect(others).toEqual([]);
  });

  test.each([
    ['shorter, within a row', (path: string) => truncateSync(path, 40)],
    ['longer', (path: string) => appendFileSync(path, '{"customer_id":1003}\n')],
    ['longer by bytes that are no characters', (path: string) => appendFileSync(path, Buffer.from([0xff]))],
  ])('that is %s than when it was opened is refused before its last rows', async (_how, change) => {
    const source = await open(
      '{"customer_id":1001,"customer_name":"示例"}\n{"customer_id":1002}\n',
      'jsonl',
      'customers',
    );
    change(join(directory, 'rows.jsonl'));
    await expect(rowsOf(source)).rejects.toThrow('rows.jsonl has changed while it was read');
  });

  test('CSV in GB18030, found, which is said, or named', async () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    const row = { customer_id: '1001', customer_name: '㐁', city: '广州' };
    await csv('customer_id\n1\n');
    expect(said).not.toHaveBeenCalled();
    expect((await csv(GB18030))[0]!.row).toEqual(row);
    expect((await csv(GB18030, 'customers', 'gb18030'))[0]!.row).toEqual(row);
    expect(said.mock.calls.flat()).toEqual([
      expect.stringMatching(/rows\.csv is not UTF-8, it is read as GB18030 \(.*\); refused rows are written in UTF-8$/),
      expect.stringMatching(/rows\.csv is read as GB18030; refused rows are written in UTF-8$/),
    ]);
    await expect(csv(GB18030, 'customers', 'utf-8')).rejects.toThrow('is not utf-8');
    await expect(csv(Buffer.from([0xff, 0xff, 0x0a]))).rejects.toThrow('is not UTF-8, nor GB18030');
  });

  test.each([
    ['in the middle', Buffer.concat([Buffer.from('\ufeffcustomer_id,city\n1,示例\n2,'), GB18030]), 3],
    ['in a later piece', Buffer.concat([Buffer.from(`\ufeffcity\n${'广州\n'.repeat(30_000)}`), GB18030]), 30_002],
    ['cut off at the end', Buffer.from('\ufeffcustomer_id,city\n1,广').subarray(0, -1), 2],
  ])('a byte order mark makes it UTF-8 and nothing else: bytes that are wrong %s', async (_name, content, line) => {
    const reason = `rows.csv is not utf-8: line ${line} has bytes that are no characters`;
    await expect(csv(content)).rejects.toThrow(reason);
    await expect(csv(content, 'customers', 'utf-8')).rejects.toThrow(reason);
  });

  test('line numbers and texts are those of the file', async () => {
    const content = 'customer_id,description,city\r\n1,"two\r\nlines, ""quoted""",\r\n\r\n2,,广州\r\n3,x\r\n';
    const rows = await csv(content);
    expect(rows.map(({ where }) => where)).toEqual(['line 2', 'line 5', 'line 6']);
    expect(rows.map(({ text }) => text)).toEqual(['1,"two\r\nlines, ""quoted""",', '2,,广州', '3,x']);
    expect(rows[0]!.row).toEqual({ customer_id: '1', description: 'two\r\nlines, "quoted"', city: '' });
    expect(rows[2]!.fault).toBe('has 2 cells, the header has 3');
  });

  test('an empty cell is empty, null or absent, as its column needs it', async () => {
    const [{ row } = fail()] = await csv(
      'user_id,customer_id,template,reference,created,boss_sync\n1,2,,,,\n',
      'relations',
    );
    expect(row).toEqual({ user_id: '1', customer_id: '2', template: null, reference: '', created: null });
  });

  test.each([
    ['an unknown column', 'customer_id,nickname\n1,x\n', /^unknown column "nickname": known are customer_id, /],
    ['a column without a name', 'customer_id,\n1,x\n', 'unknown column ""'],
    ['a column twice', '客户标识,customer_id\n1,1\n', 'the column customer_id is there twice'],
    ['no header', '', 'the file has no header line'],
    ['a quote that is not closed', 'customer_id,city\n1,a\n2,"b\n3,c\n', 'line 3: a quote is not closed'],
    ['a quote out of place', 'customer_id,city\n1,a"b\n', 'line 2: a quote is out of place'],
    ['text behind a quote', 'customer_id,city\n1,"a"b\n', 'line 2: a quote is out of place'],
    ['a row too long', `customer_id,city\n1,${'x'.repeat(1_000_001)}\n`, 'line 2: the row is longer than 1 MB'],
  ])('CSV with %s is refused', async (_name, content, reason) => {
    await expect(csv(content)).rejects.toThrow(reason);
  });

  test('JSON Lines by either name, faults row by row', async () => {
    const lines = [
      '{"customer_id":1001,"客户名称":"示例"}',
      '',
      '{"customer_id":1,"客户标识":2}',
      '[1]',
      'null',
      '{"customer_id":1',
      '  {"customer_id":2}\r',
    ];
    const rows = await jsonl(`\ufeff${lines.join('\n')}`);
    expect(rows.map(({ where, row, fault }) => [where, fault ?? row])).toEqual([
      ['line 1', { customer_id: 1001, customer_name: '示例' }],
      ['line 3', 'has a field by both of its names'],
      ['line 4', 'is no JSON object'],
      ['line 5', 'is no JSON object'],
      ['line 6', 'is no JSON'],
      ['line 7', { customer_id: 2 }],
    ]);
    expect(rows[3]!.text).toBe('null');
    await expect(jsonl(`{}\n"${'x'.repeat(1_000_000)}"`)).rejects.toThrow('line 2: the row is longer than 1 MB');
  });

  test('of many pieces is read whole, from any row on', async () => {
    const lines = Array.from({ length: 6_000 }, (_, i) => `${i + 1},"名称${i}"\r\n`);
    const source = await open(`客户标识,客户名称\r\n${lines.join('')}`, 'csv', 'customers');
    expect(source.total).toBe(lines.length);
    const all = await rowsOf(source);
    expect(all.map(({ text }) => `${text}\r\n`)).toEqual(lines);
    expect(all.at(-1)!.where).toBe('line 6001');
    const nexts = await nextsOf(source);
    expect(await rowsOf(source, nexts[2])).toEqual(all.slice(1500));
    const before: Came[] = [];
    for await (const { rows } of source.before(nexts[2]!)) before.push(...rows);
    expect(before).toEqual(all.slice(0, 1500));
    expect(await rowsOf(source, nexts.at(-1))).toEqual([]);
  });

  test('that is another one is told by its content', async () => {
    const [next] = await nextsOf(await open('{"customer_id":1}\n', 'jsonl', 'customers'));
    expect((await open('{"customer_id":1}\n', 'jsonl', 'customers')).isStill(next!)).toBe(true);
    expect((await open('{"customer_id":2}\n', 'jsonl', 'customers')).isStill(next!)).toBe(false);
  });

  test('that is not there, or a directory, is told', async () => {
    const at = (path: string) => FileSource.open(path, fieldsOf('customers'), 'csv');
    await expect(at(join(directory, 'none.csv'))).rejects.toThrow('none.csv cannot be read (ENOENT)');
    await expect(at(directory)).rejects.toThrow('is no file');
  });
});

async function nextsOf(source: FileSource): Promise<string[]> {
  const nexts: string[] = [];
  for await (const { next } of source.batches()) nexts.push(next);
  return nexts;
}

const fail = (): never => {
  throw new Error('there is no row');
};
