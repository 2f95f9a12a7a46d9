import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { UserCustomerAudit } from '../../src/audit/user-customer-audit.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { exported } from './exported';

describe('audit and prune-audit', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterAll(() => app.stop());

  const run = (command: string, input?: string) => runCli(app.databaseUrl, command, input);

  /** Adds changes of relations at these times, to the log of 0.3.0 and to the one since in turn. */
  const insertChanges = async (...times: string[]) => {
    const change = { actorId: 500, action: 'add', userId: 998, customerId: 1 };
    const [former, since] = [0, 1].map((turn) =>
      times.filter((_, n) => n % 2 === turn).map((at) => ({ ...change, at })),
    );
    await app.dataSource.getRepository(UserCustomerAudit).insert(former!.map((row) => ({ ...row, fields: '' })));
    await app.dataSource
      .getRepository(AuditEntry)
      .insert(since!.map((row) => ({ ...row, kind: 'relation', changes: '{}' })));
  };

  test('audit: exports the changes between two times, and refuses an invalid time', async () => {
    const days = ['2026-11-21 23:59:59', '2026-11-22 00:00:00', '2026-11-22 23:59:59', '2026-11-23 00:00:00'];
    await insertChanges(...days);
    const { code, stdout } = await run('audit --from 2026-11-22 --to 2026-11-22');
    const times = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).at);
    expect([code, times]).toEqual([0, days.slice(1, 3)]);
    for (const time of ['yesterday', '2026-13-45', '22/11/2026', '2026-11-22T16:00:00Z']) {
      const { code, stderr } = await run(`audit --from ${time}`);
      expect([code, stderr]).toEqual([1, expect.stringContaining('a day or a time is needed')]);
    }
  });

  test('prune-audit: deletes the entries before a day and no others, and notes itself', async () => {
    await app.dataSource.getRepository(UserCustomerAudit).clear();
    await app.dataSource.getRepository(AuditEntry).clear();
    await insertChanges('2025-12-31 23:59:59', '2026-01-01 00:00:00', '2025-01-01 12:00:00');
    await insertChanges(...Array<string>(2200).fill('2024-06-01 08:00:00'));
    expect(await run('prune-audit soon')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('prune-audit 2026-01-01')).toEqual({ code: 0, stdout: '2202 entries deleted\n', stderr: '' });
    expect((await exported(app, { kind: 'relation' })).map(({ at }) => at)).toEqual(['2026-01-01 00:00:00']);
    const pruned = { action: 'delete', kind: 'audit', actor_id: null, changes: { before: '2026-01-01 00:00:00' } };
    expect(await exported(app, { kind: 'audit' })).toMatchObject([pruned]);
    expect(await run('prune-audit 2999-01-01')).toMatchObject({ code: 0, stdout: '1 entries deleted\n' });
    expect((await exported(app)).map(({ kind }) => kind)).toEqual(['audit', 'audit']);
  });
});
