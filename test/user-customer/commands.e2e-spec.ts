import { UserCustomerAudit } from '../../src/user-customer/audit/user-customer-audit.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';

describe('the commands of family A', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterAll(() => app.stop());

  const run = (command: string, input?: string) => runCli(app.databaseUrl, command, input);

  /** Adds changes to the audit log at these times. */
  const insertChanges = (...times: string[]) =>
    app.dataSource
      .getRepository(UserCustomerAudit)
      .insert(times.map((at) => ({ actorId: 500, action: 'add', userId: 998, customerId: 1, fields: '', at })));

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

  test('prune-audit: deletes the changes before a day and no others', async () => {
    await app.dataSource.getRepository(UserCustomerAudit).clear();
    await insertChanges('2025-12-31 23:59:59', '2026-01-01 00:00:00', '2025-01-01 12:00:00');
    await insertChanges(...Array<string>(1100).fill('2024-06-01 08:00:00'));
    expect(await run('prune-audit soon')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('prune-audit 2026-01-01')).toEqual({ code: 0, stdout: '1102 changes deleted\n', stderr: '' });
    const left = await app.dataSource.getRepository(UserCustomerAudit).find();
    expect(left.map((change) => change.at)).toEqual(['2026-01-01 00:00:00']);
  });
});
