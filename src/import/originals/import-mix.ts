import type { DataSource } from 'typeorm';
import type { Report } from '../run/import-rows';
import { Carrying, carryOutAll } from './carry-out';
import { customerPages, CUSTOMER_FIELDS, relationPages, RELATION_FIELDS } from './mix-pages';
import { MixSystem } from './mix-system';
import { keeping, PagedSource } from './sources';
import type { Credentials } from './system';
import { SystemTransport } from './transport';

/** Moves customers, then the relations that need them, out of a running MixIOT. @throws SystemFailed */
export async function importMix(
  database: DataSource,
  transport: SystemTransport,
  credentials: Credentials,
  carrying: Carrying,
): Promise<Report[]> {
  const system = await MixSystem.signIn(transport, credentials);
  const name = `api:${system.base}`;
  const { tell } = carrying;
  const customer = keeping('customers', CUSTOMER_FIELDS, [], tell);
  const relation = keeping('relations', RELATION_FIELDS, [], tell);
  return carryOutAll(database, carrying, [
    ['customers', new PagedSource(name, customerPages(system), customer)],
    ['relations', new PagedSource(name, relationPages(system), relation)],
  ]);
}
