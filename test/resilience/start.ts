import { MariadbServer } from '../mariadb/server';

/** Runs before the programs of this suite, most of which start servers: one that cannot start is then reported once. */
export default async function start(): Promise<void> {
  await (await MariadbServer.start()).stop();
}
