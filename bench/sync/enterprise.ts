import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { OperatorError } from '../../src/base/operator-error';
import { ADMIN, fillEnterprises, userTable } from '../data/accounts';
import { ENTERPRISES } from '../data/enterprises';
import { signIn, WireRequest } from '../run/workload';
import type { SimulatorProcess } from './simulator';

const CLI = resolve(__dirname, '../../src/cli.js');

/** The enterprise that is filled from the simulator. */
export const ENTERPRISE = ENTERPRISES[0];

/** An enterprise without customers, with credentials for the simulator. */
export interface PreparedEnterprise {
  /** For every process of the product. */
  settings: Record<string, string>;
  /** getList, by an account that manages it. */
  request: WireRequest;
}

/** @throws OperatorError when the credentials are refused */
export async function prepareEnterprise(
  dataSource: DataSource,
  url: string,
  simulator: SimulatorProcess,
): Promise<PreparedEnterprise> {
  const users = await userTable(dataSource);
  await users.add(ADMIN.userId, ADMIN.username, 1);
  await users.table.flush();
  await fillEnterprises(dataSource);
  const settings = { WECOM_API_BASE: simulator.url, WECOM_CREDENTIAL_KEY: randomBytes(32).toString('hex') };
  setCredentials(url, settings, simulator);
  const [token] = await signIn(dataSource, [ADMIN.userId]);
  const path = `/business/${ENTERPRISE.uniacid}/plugin/WechatCustomers/getList`;
  return { settings, request: { method: 'GET', path, token: token! } };
}

/** By the command, as an operator does. */
function setCredentials(url: string, settings: Record<string, string>, { corpId, secret }: SimulatorProcess): void {
  const args = [CLI, 'wecom', 'credential', 'set', String(ENTERPRISE.id), '--corp-id', corpId];
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: url, ...settings };
  const { status } = spawnSync(process.execPath, args, {
    cwd: tmpdir(),
    env,
    input: `${secret}\n\n\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new OperatorError('the credentials of the simulator are refused');
}
