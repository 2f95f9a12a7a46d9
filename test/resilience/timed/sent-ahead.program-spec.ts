import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { measured } from '../measured';
import { UNLIMITED } from '../unlimited';

const CONNECTIONS = 500;

/** Below the bound of a connection, so that all of them are taken in. */
const SENT_AHEAD = 90;

/** Each request under way takes 5 KB: if those of clients that have left were kept, they would need 225 MB. */
const HEAP_MB = 160;

/** Requests sent ahead whose client leaves: they are let go of. */
test(`${CONNECTIONS} clients send ${SENT_AHEAD} requests ahead and leave: the program serves on in ${HEAP_MB} MB`, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-sent-ahead-'));
  const settings = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, ...UNLIMITED };
  const program = new Program(directory, await freePort(), settings);
  try {
    await program.ready();
    const requests = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(SENT_AHEAD);
    for (let n = 0; n < CONNECTIONS; n++) {
      await new Promise<void>((resolve) => {
        const socket = connect(program.port, '127.0.0.1', () => socket.write(requests));
        socket.once('data', () => socket.destroy()); // the others wait for the first answer
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
    }
    expect((await program.login()).code).toBe(200);
    measured('requests sent ahead by clients that leave', { requests: CONNECTIONS * SENT_AHEAD, 'heap (MB)': HEAP_MB });
    expect((await program.kill('SIGTERM')).code).toBe(0);
  } finally {
    await program.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});
