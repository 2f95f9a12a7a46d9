import { parse } from 'node:path';
import type { DataSource } from 'typeorm';
import { tenantOf } from '../../enterprise/enterprises';
import { carryOut, CommonOptions, finish } from '../common-options';
import type { Report } from '../run/import-rows';
import { readMap } from './map';
import { Original } from './original';
import { TableSource } from './table-source';

/**
 * Imports the kinds that a map names, one after another, and prints the reports.
 * @param file the map
 * @param url of the original's database
 * @throws OperatorError for a map that does not fit the tables, before anything is written
 */
export async function importTables(
  database: DataSource,
  file: string,
  url: string,
  options: CommonOptions,
): Promise<void> {
  const maps = readMap(file);
  const original = await Original.open(url);
  try {
    const sources = [];
    for (const { kind, map } of maps) {
      const tenant = map.business_id === undefined ? undefined : await tenantOf(database, map.business_id);
      sources.push({ kind, tenant, source: await TableSource.open(original, map) });
    }
    const assumed = new Set<string>();
    const reports: Report[] = [];
    for (const { kind, source, tenant } of sources) {
      const refused = maps.length > 1 ? ofKind(options.refused, kind) : options.refused;
      reports.push(await carryOut(database, kind, source, { ...options, refused }, { tenant, assumed }));
    }
    finish(reports);
  } finally {
    original.close();
  }
}

/** A file for each kind: `refused.jsonl` becomes `refused-customers.jsonl`. */
function ofKind(file: string | undefined, kind: string): string | undefined {
  if (file === undefined) return undefined;
  const { dir, name, ext } = parse(file);
  return `${dir && `${dir}/`}${name}-${kind}${ext}`;
}
