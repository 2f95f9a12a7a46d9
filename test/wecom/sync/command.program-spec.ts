import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator, startSimulator } from '../../../simulator';
import type { Corp } from '../../../simulator/corp';
import { readEnv } from '../../../src/config/env';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { runCli } from '../../cli';
import { buildEnterprise } from '../../factories';
import { connectCorp, settingsFor } from '../hub';

describe('wecom sync', () => {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-sync-'));
  const url = `sqlite:${join(directory, 'hub.sqlite')}`;
  let wecom: Simulator;
  let corp: Corp;

  beforeAll(async () => {
    wecom = await startSimulator();
    corp = wecom.world.seeded({ employees: 3, contacts: 60, follows: 80, tags: 4 });
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
    await dataSource.runMigrations();
    await buildEnterprise(dataSource, { id: 11, status: 1 });
    await buildEnterprise(dataSource, { id: 12, status: 0 });
    await buildEnterprise(dataSource, { id: 13, status: 1 });
    await connectCorp(dataSource, 11, corp);
    await dataSource.destroy();
  });

  afterAll(async () => {
    await wecom.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  afterEach(() => wecom.faults.clear());

  const sync = (words: string, settings: Record<string, string> = settingsFor(wecom)) =>
    runCli(url, `wecom sync ${words}`, '', settings);
  const runOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1)!);

  test('ok ends with 0, the run as the last line, progress on standard error', async () => {
    const { code, stdout, stderr } = await sync('11');
    expect([code, runOf(stdout)]).toEqual([0, expect.objectContaining({ state: 'ok', problems: [] })]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/3 of 3 employees, 80 follows/);
  });

  test('partial ends with 3', async () => {
    const { userid } = corp.employees[0]!;
    wecom.faults.add({
      path: 'externalcontact/batch/get_by_user',
      when: { userid_list: userid },
      kind: { errcode: 60011 },
      times: 'always',
    });
    const { code, stdout } = await sync('11');
    expect([code, runOf(stdout).problems]).toEqual([3, [expect.objectContaining({ userid, errcode: 60011 })]]);
  });

  test('a row that cannot be stored is told without its error', async () => {
    const { userid } = corp.employees[0]!;
    corp.addContact({ external_userid: 'wm-with-a-blank ', name: '不该出现' });
    corp.follow(userid, 'wm-with-a-blank ');
    const { code, stdout, stderr } = await sync('11');
    corp.unfollowByMember(userid, 'wm-with-a-blank ');
    expect([code, runOf(stdout).problems]).toEqual([3, [{ userid, errcode: 0, msg: '企业微信返回的编号无法保存' }]]);
    expect(stderr).toContain(`employee ${userid} cannot be stored`);
    expect(stderr).not.toMatch(/\n\s+at |SELECT|INSERT|不该出现/);
  });

  test('failed ends with 1', async () => {
    wecom.faults.add({ path: 'externalcontact/get_follow_user_list', kind: { errcode: 48002 }, times: 'always' });
    const { code, stdout } = await sync('11');
    expect([code, runOf(stdout).error]).toEqual([1, expect.stringContaining('48002')]);
  });

  test('held ends with 4, and goes through with --confirm', async () => {
    const gone = [...corp.allListed()].slice(0, 30);
    for (const { userid, contact } of gone) corp.unfollowByMember(userid, contact.external_userid);
    const { code, stdout } = await sync('11');
    expect([code, runOf(stdout).follows.would_lose]).toEqual([4, 30]);
    const confirmed = await sync('11 --confirm');
    expect([confirmed.code, runOf(confirmed.stdout).follows.lost]).toEqual([0, 30]);
  });

  test.each([
    ['12', 'enterprise 12 is stopped'],
    ['13', 'enterprise 13 has no credentials'],
    ['99', 'there is no enterprise 99'],
  ])('enterprise %s: %s', async (words, reason) => {
    wecom.resetCounts();
    const { code, stdout, stderr } = await sync(words);
    expect([code, stdout, stderr]).toEqual([1, '', `customer-hub: ${reason}\n`]);
    expect(wecom.calls).toEqual([]);
  });

  test.each([
    ['no key', {}],
    ['another key', { WECOM_CREDENTIAL_KEY: 'f'.repeat(64) }],
  ])('%s: one line that names it, no call', async (_, settings) => {
    wecom.resetCounts();
    const { code, stderr } = await sync('11', settings);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub: .*WECOM_CREDENTIAL_KEY.*\n$/)]);
    expect(wecom.calls).toEqual([]);
  });
});
