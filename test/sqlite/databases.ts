import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, TestDatabase } from '../database';

const PREFIX = 'sqlite:';

/** A file to be, in a directory of its own. */
async function create(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-sqlite-'));
  return {
    url: `${PREFIX}${join(directory, 'test.sqlite')}`,
    drop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** @param from the URL of a database that no process has open, so that all of it is in the file */
async function copy(from: string): Promise<TestDatabase> {
  const database = await create();
  copyFileSync(from.slice(PREFIX.length), database.url.slice(PREFIX.length));
  return database;
}

export const sqlite: Engine = { create, copy };
