import { openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * Loaded into a program before its own code (`--require`): counts the statements that better-sqlite3 executes, and keeps
 * the number in a file for the benchmark to read.
 */
const file = openSync(process.env.STATEMENTS_FILE!, 'w');
const memory = new Database(':memory:');
const prepared = Object.getPrototypeOf(memory.prepare('SELECT 1')) as object;
memory.close();
let statements = 0;

count(prepared, 'all');
count(prepared, 'get');
count(prepared, 'iterate');
count(prepared, 'run');
count(Database.prototype, 'exec');

function count(prototype: object, name: string): void {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  const method = methods[name]!;
  methods[name] = function (...args) {
    writeSync(file, String(++statements), 0);
    return method.apply(this, args);
  };
}
