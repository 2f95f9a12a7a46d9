import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { FileSource } from '../../src/import/files/file-source';
import type { KindName } from '../../src/import/kind-names';
import { fieldsOf } from '../../src/import/registry';
import { importRows, ImportOptions, Report } from '../../src/import/run/import-rows';

export const ACTOR = { userId: null, username: 'command:test' };

/** Imports files from a directory of a test's own, which also gets the refused rows. */
export class Imports {
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-import-'));
  private files = 0;

  constructor(private readonly dataSource: DataSource) {}

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Buffer): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Writes rows as JSON Lines and imports them. */
  async rows(kind: KindName, rows: object[], options: Partial<ImportOptions> = {}): Promise<Report> {
    const path = this.write(`rows-${++this.files}.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return this.file(kind, path, options);
  }

  async file(kind: KindName, path: string, options: Partial<ImportOptions> = {}): Promise<Report> {
    const source = await FileSource.open(path, fieldsOf(kind), path.endsWith('.csv') ? 'csv' : 'jsonl');
    const refused = this.path(`refused-${++this.files}`);
    return importRows(this.dataSource, kind, source, { apply: true, refused, actor: ACTOR, ...options });
  }

  /** The refused rows, and the reasons by row. */
  refused({ refusedFile }: Report): { rows: string; reasons: string } {
    const read = (path: string) => readFileSync(path, 'utf8');
    return { rows: read(refusedFile!), reasons: read(`${refusedFile}.reasons.txt`) };
  }
}

/** The numbers of a report. */
export const counts = ({ new: added, changed, equal, refused }: Report) => ({ new: added, changed, equal, refused });
