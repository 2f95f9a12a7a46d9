import type { DataSource } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { carryOut } from '../common-options';
import type { KindName } from '../kind-names';
import type { Report } from '../run/import-rows';
import type { Source } from '../source';

/** How several kinds are imported one after another. */
export interface Carrying {
  apply?: boolean;
  /** Where refused rows go; each kind puts its name into it. */
  refused?: string;
  tenant?: Tenant;
  tell: (line: string) => void;
}

/** Imports kinds in their order: a later one may need the rows of an earlier one. */
export async function carryOutAll(
  database: DataSource,
  { apply, refused, tenant }: Carrying,
  sources: [KindName, Source][],
): Promise<Report[]> {
  const reports: Report[] = [];
  const assumed = new Set<string>();
  for (const [kind, source] of sources) {
    const options = { apply, refused: refused && fileFor(kind, refused) };
    reports.push(await carryOut(database, kind, source, options, { tenant, assumed }));
  }
  return reports;
}

/** `refused.jsonl` becomes `refused-customers.jsonl`. */
const fileFor = (kind: KindName, file: string) => file.replace(/(\.[^./\\]*)?$/, `-${kind}$1`);
