import { AuditFilter, auditLines } from '../../src/audit/audit-log';
import type { TestApp } from '../app';

/** The entries as `audit` prints them, parsed. */
export async function exported({ dataSource }: TestApp, filter: AuditFilter = {}): Promise<any[]> {
  const lines = [];
  for await (const line of auditLines(dataSource, filter)) lines.push(JSON.parse(line));
  return lines;
}

/** The entries without their ids and times. */
export async function happened(app: TestApp, filter: AuditFilter = {}): Promise<any[]> {
  return (await exported(app, filter)).map(({ id: _id, at: _at, ...entry }) => entry);
}
