import { Templates } from '../templates';
import { mariadb } from './databases';
import { MariadbServer } from './server';

declare global {
  var mariadbServer: MariadbServer | undefined;
  var mariadbTemplates: Templates | undefined;
}

/** Runs before the MariaDB project: starts a private server unless TEST_DATABASE_URL names one. */
export default async function start(): Promise<void> {
  if (!process.env.TEST_DATABASE_URL) {
    globalThis.mariadbServer = await MariadbServer.start();
    process.env.MARIADB_SERVER_URL = globalThis.mariadbServer.url;
  }
  globalThis.mariadbTemplates = await Templates.build(mariadb);
  process.env.MARIADB_TEMPLATES = globalThis.mariadbTemplates.urls;
}
