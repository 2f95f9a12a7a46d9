import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { ReadinessService } from '../../src/operations/readiness';
import { TestApp } from '../app';
import { engine } from '../database';
import { ANEW_MS, askOften, expectNotReady, expectReady, get } from '../health';

describe('health', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterEach(() => app.stop());

  test.each(['live', 'ready'] as const)('%s needs no sign-in and is never cached', async (what) => {
    const { status, headers, body } = await get(app, what);
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.send(`/health/${what}`, { method: 'HEAD' })).status).toBe(200);
    expect((await app.send(`/health/${what}`)).status).toBe(405);
  });

  test('reports the result of each check', () => expectReady(app));

  test('a draining process is live and not ready at once', async () => {
    await expectReady(app);
    app.app.get(ReadinessService).drain();
    await expectNotReady(app, { process: 'draining' });
    expect((await get(app, 'live')).status).toBe(200);
  });

  test('older tables are not ready; those of a newer program are', async () => {
    const rename = (to: string, from: string) =>
      app.dataSource.query('UPDATE migrations SET name = ? WHERE name LIKE ?', [to, from]);
    await app.dataSource.query("INSERT INTO migrations (timestamp, name) VALUES (1, 'OfTomorrow1')");
    await expectReady(app);
    await rename('Unknown1', 'IndexFollows%');
    await sleep(ANEW_MS);
    await expectNotReady(app, { migrations: 'waiting' });
  });
});

if (engine === 'sqlite') {
  describe('readiness on SQLite', () => {
    let app: TestApp;
    let file: string;

    beforeEach(async () => {
      app = await TestApp.start({ demo: false });
      file = app.databaseUrl.slice('sqlite:'.length);
    });

    afterEach(() => app.stop());

    test('any number of probes checks the database once a second', async () => {
      const checks = () => Math.floor(statSync(`${file}-wal`).size / 4_096); // each check writes one page to the log
      const before = checks();
      const seconds = await askOften(app);
      expect(checks() - before).toBeGreaterThan(0);
      expect(checks() - before).toBeLessThanOrEqual(1 + seconds);
    });

    test('a read-only file is not ready', async () => {
      await app.dataSource.query('PRAGMA query_only = ON');
      await expectNotReady(app, { database: 'read-only', migrations: 'unknown' });
    });

    test('a file that another process keeps locked is not ready until it is unlocked', async () => {
      const other = new Sqlite(file);
      other.exec('BEGIN IMMEDIATE');
      await expectNotReady(app, { database: 'busy', migrations: 'unknown' });
      other.exec('ROLLBACK');
      other.close();
      await sleep(ANEW_MS);
      await expectReady(app);
    });
  });
}
