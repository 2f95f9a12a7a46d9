import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';

/**
 * One digest per table over all its rows in the order of their keys: equal digests mean equal rows.
 * @param only SQL conditions by table that leave out rows that may change; `1 = 0` leaves out all rows
 */
export async function fingerprint(
  dataSource: DataSource,
  only: Record<string, string> = {},
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { tableName, primaryColumns } of dataSource.entityMetadatas) {
    const key = primaryColumns.map(({ databaseName }) => `\`${databaseName}\``).join(', ');
    const condition = only[tableName] ?? '1 = 1';
    const rows = await dataSource.query<object[]>(`SELECT * FROM \`${tableName}\` WHERE ${condition} ORDER BY ${key}`);
    digests[tableName] = `${rows.length} rows ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
  }
  return digests;
}
