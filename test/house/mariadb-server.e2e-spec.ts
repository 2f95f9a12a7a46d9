import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { engine } from '../database';
import { MariadbServer } from '../mariadb/server';

if (engine === 'mariadb') {
  describe("the tests' own MariaDB server that cannot start says why in one line", () => {
    test('with an option that it does not know', async () => {
      const start = MariadbServer.start(['--no-such-option']);
      await expect(start).rejects.toThrow(
        /^the tests' own MariaDB server cannot start: mariadbd ended: .*unknown option/,
      );
    });

    test('with a port that is taken', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const start = MariadbServer.start([`--port=${port}`]);
      await expect(start).rejects.toThrow(/cannot start: mariadbd ended: .*[Pp]ort/);
      other.close();
    });
  });
} else {
  test.skip('SQLite has no server', () => undefined);
}
