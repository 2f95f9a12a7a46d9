import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { FileSource } from '../../src/import/files/file-source';
import { fieldsOf } from '../../src/import/registry';
import { Checkpoint } from '../../src/import/run/checkpoint';
import { ImportCheckpoint } from '../../src/import/run/checkpoint.entity';
import { ImportOptions, importRows, Report } from '../../src/import/run/import-rows';
import type { Batch, Source } from '../../src/import/source';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { fingerprint } from '../resilience/fingerprint';
import { ACTOR, counts, Imports } from './rows';

/** Three batches; each has a row that is refused. */
const ROWS = Array.from({ length: 1_400 }, (_, i) => ({
  customer_id: i % 500 === 7 ? 'x' : i + 1,
  customer_name: `客户${i}`,
}));

const jsonl = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('an import that breaks off', () => {
  let app: TestApp;
  let imports: Imports;
  let path: string;
  let refused: string;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    imports = new Imports(app.dataSource);
    path = imports.write('customers.jsonl', jsonl(ROWS));
    refused = imports.path('refused.jsonl');
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    imports.remove();
    await app.stop();
  });

  const open = () => FileSource.open(path, fieldsOf('customers'), 'jsonl');

  const run = (source: Source, options: Partial<ImportOptions> = {}): Promise<Report> =>
    importRows(app.dataSource, 'customers', source, { apply: true, refused, actor: ACTOR, ...options });

  /** Stores so many batches, then fails as a disk or a network would. */
  const breakAfter = async (batches: number) => {
    const source = await open();
    await expect(run(new Breaking(source, batches))).rejects.toThrow('gone');
  };

  const checkpoints = () => app.dataSource.manager.find(ImportCheckpoint);

  test('goes on where it was, and ends as if it had not', async () => {
    await breakAfter(2);
    expect(await app.dataSource.manager.count(Customer)).toBe(998);
    expect(await checkpoints()).toMatchObject([{ kind: 'customers', uniacid: 0, rowsNew: 998, rowsRefused: 2 }]);
    const report = await run(await open(), { refused: undefined });
    expect(report).toMatchObject({ resumed: true, new: 1_397, refused: 3, refusedFile: refused });
    expect(readFileSync(refused, 'utf8')).toBe(jsonl([7, 507, 1007].map((i) => ROWS[i]!)));
    const told = [8, 508, 1008].map((line) => `line ${line}: customer_id must be a whole number from 1 on\n`).join('');
    expect(readFileSync(`${refused}.reasons.txt`, 'utf8')).toBe(told);
    expect(await app.dataSource.manager.count(AuditEntry)).toBe(1_397);
    expect(await checkpoints()).toEqual([]);
  });

  test('takes back refused rows that were written by a batch that was not stored', async () => {
    await breakAfter(1);
    writeFileSync(refused, 'half a row', { flag: 'a' });
    await run(await open());
    expect(readFileSync(refused, 'utf8')).toBe(jsonl([7, 507, 1007].map((i) => ROWS[i]!)));
  });

  test('tells what is given twice, also across the break', async () => {
    const again = { customer_id: 1, customer_name: '另一个' };
    writeFileSync(path, jsonl([...ROWS, again]));
    await breakAfter(2);
    expect((await run(await open())).reasons).toMatchObject({ 'was given before with other values': 1 });
    expect(await app.row(Customer, { customerId: 1 })).toMatchObject({ name: '客户0' });
  });

  test('begins again when the file has changed, and says so', async () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    await breakAfter(2);
    writeFileSync(path, jsonl(ROWS.map((row) => ({ ...row, city: '广州' }))));
    const report = await run(await open());
    expect(counts(report)).toEqual({ new: 399, changed: 998, equal: 0, refused: 3 });
    expect(report.resumed).toBe(false);
    expect(said.mock.calls.flat()).toEqual([expect.stringMatching(/^the source has changed .* it begins again/)]);
    expect(readFileSync(report.refusedFile!, 'utf8').split('\n')).toHaveLength(4);
    expect(readFileSync(refused, 'utf8').split('\n')).toHaveLength(3); // of the run before, perhaps mended by now
  });

  test('begins again when the file is read in another encoding', async () => {
    jest.spyOn(console, 'error').mockReturnValue();
    const named = [1, 2].map((customer_id) => ({ customer_id, customer_name: '上海' }));
    writeFileSync(path, jsonl([...named, ...ROWS.slice(2)]));
    const mistaken = await FileSource.open(path, fieldsOf('customers'), 'jsonl', 'gb18030');
    await expect(run(new Breaking(mistaken, 1))).rejects.toThrow('gone');
    expect(await app.row(Customer, { customerId: 1 })).not.toMatchObject({ name: '上海' });
    expect((await run(await open())).resumed).toBe(false);
    expect(await app.row(Customer, { customerId: 1 })).toMatchObject({ name: '上海' });
  });

  test('begins again when its refused rows are gone', async () => {
    const said = jest.spyOn(console, 'error').mockReturnValue();
    await breakAfter(2);
    writeFileSync(refused, '');
    expect(await run(await open())).toMatchObject({ resumed: false, new: 399, equal: 998, refused: 3 });
    expect(said.mock.calls.flat()).toEqual([expect.stringContaining('is gone or shorter')]);
    expect(readFileSync(refused, 'utf8')).toBe(jsonl([7, 507, 1007].map((i) => ROWS[i]!)));
  });

  test('keeps its file of refused rows, which only its owner can read', async () => {
    await breakAfter(1);
    await expect(run(await open(), { refused: imports.path('other') })).rejects.toThrow('give the same --refused');
    await run(await open());
    for (const file of [refused, `${refused}.reasons.txt`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('no run writes into the file of another', async () => {
    await run(await open());
    const kept = readFileSync(refused, 'utf8');
    await expect(run(await open())).rejects.toThrow('refused.jsonl exists: name another --refused file');
    await expect(run(await open(), { apply: false })).rejects.toThrow('exists');
    expect(readFileSync(refused, 'utf8')).toBe(kept);
    expect(await checkpoints()).toEqual([]);
  });

  test('no run takes the file of one that has not refused a row yet', async () => {
    await breakAfter(0);
    const another = await FileSource.open(imports.write('b.jsonl', jsonl(ROWS)), fieldsOf('customers'), 'jsonl');
    await expect(run(another)).rejects.toThrow('exists');
    expect(await run(await open())).toMatchObject({ refused: 3, refusedFile: refused });
  });

  test('no run writes over rows of another that has taken its file meanwhile', async () => {
    await breakAfter(0);
    writeFileSync(refused, 'rows of another run\n');
    const { refusedFile } = await run(await open());
    expect(refusedFile).toBe(imports.path('refused-2.jsonl'));
    expect(readFileSync(refusedFile!, 'utf8')).toBe(jsonl([7, 507, 1007].map((i) => ROWS[i]!)));
    expect(readFileSync(refused, 'utf8')).toBe('rows of another run\n');
  });

  test('no file is made when no row is refused', async () => {
    expect((await imports.rows('customers', [{ customer_id: 1 }], { refused })).refusedFile).toBeUndefined();
    expect(existsSync(refused)).toBe(false);
  });

  test('a second run of the same is refused while one is under way', async () => {
    const { name } = await open();
    const first = await Checkpoint.take(app.dataSource, 'customers', name);
    const before = await fingerprint(app.dataSource, { import_checkpoint: '1 = 0' });
    await expect(run(await open())).rejects.toThrow('this import is under way in another process');
    expect(await fingerprint(app.dataSource, { import_checkpoint: '1 = 0' })).toEqual(before);
    await expect(imports.rows('customers', [{ customer_id: 5 }])).resolves.toMatchObject({ new: 1 });
    await first.release();
    expect(await run(await open())).toMatchObject({ resumed: false, refused: 3 });
  });

  test('one that lost its lease writes nothing more', async () => {
    const source = await open();
    const taken: Source = {
      name: source.name,
      batches: async function* () {
        for await (const batch of source.batches()) {
          yield batch;
          await app.dataSource.query(`UPDATE import_checkpoint SET lease_owner = 'another'`);
        }
      },
    };
    await expect(run(taken)).rejects.toThrow('another process has taken this import over');
    expect(await app.dataSource.manager.count(Customer)).toBe(499);
    expect(await checkpoints()).toMatchObject([{ leaseOwner: 'another', rowsNew: 499 }]);
  });
});

/** A source that fails after some batches. */
class Breaking implements Source {
  readonly name: string;

  constructor(
    private readonly source: FileSource,
    private left: number,
  ) {
    this.name = source.name;
  }

  isStill(after: string): boolean {
    return this.source.isStill(after);
  }

  async *batches(after?: string): AsyncGenerator<Batch> {
    for await (const batch of this.source.batches(after)) {
      if (this.left-- === 0) throw new Error('gone');
      yield batch;
    }
  }
}
