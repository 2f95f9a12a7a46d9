import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of a test in a directory of their own. */
export class Files {
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-files-'));

  /** Writes a file. @returns its path */
  write(name: string, content: string | Buffer): string {
    const file = this.path(name);
    writeFileSync(file, content);
    return file;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
