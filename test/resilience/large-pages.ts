import { connect as open, Socket } from 'node:net';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { fillDemoData } from '../../src/schema/demo/fill';
import { buildUserCustomer } from '../factories';

/** Rows of `admin`: a page of 500 has 3 MB, which the network's buffers may take whole on loopback, one of all 6 MB. */
export const LARGE_ROWS = 1_000;
export const ROW_BYTES = 6_000;
export const LARGE_LIST = '/api/user_customer/get_list';

/** Fills an empty database with the demo data and large rows. */
export async function fillLargeRows(databaseUrl: string): Promise<void> {
  const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: databaseUrl })));
  await dataSource.runMigrations();
  await fillDemoData(dataSource);
  const row = { userId: 1000, template: 'x'.repeat(ROW_BYTES) };
  for (let n = 0; n < LARGE_ROWS; n++) await buildUserCustomer(dataSource, row);
  await dataSource.destroy();
}

/** Sends a POST of JSON, or a part of it, on a connection of its own and reads nothing. */
export function sendUnread(port: number, path: string, headers: string[], body: Buffer): Socket {
  const socket = open(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  const head = [`POST ${path} HTTP/1.1`, 'Host: hub', 'Content-Type: application/json', ...headers, '', ''];
  socket.write(head.join('\r\n'));
  socket.write(body);
  return socket;
}

/** Asks for a page of large rows and reads nothing. */
export function leavePageUnread(port: number, token: string, rows: number): Socket {
  const body = Buffer.from(JSON.stringify({ page_size: rows }));
  return sendUnread(port, LARGE_LIST, [`Authorization: Bearer ${token}`, `Content-Length: ${body.length}`], body);
}
