import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setCredentials } from '../../../src/wecom/corps/credentials';
import { Cipher } from '../../../src/wecom/corps/cipher';
import { callbackPath } from '../../../src/wecom/corps/corp';
import { operator } from '../../../src/audit/operator';
import { readEnv } from '../../../src/config/env';
import { changeEnterprise } from '../../../src/enterprise/enterprises';
import { until } from '../../until';
import { CALLBACKS, Hub, KEY } from '../hub';
import { wechatRows } from '../rows';

const LIST = 'externalcontact/batch/get_by_user';

describe('what WeCom, events and operators may do to a run', () => {
  let hub: Hub;

  /** ann and bob follow six contacts each. */
  beforeEach(async () => {
    hub = await Hub.start({}, (corp) => {
      corp.addTagGroup('等级', ['A']);
      for (const userid of ['ann', 'bob']) corp.addEmployee(userid);
      for (let i = 0; i < 6; i++) {
        corp.addContact({ external_userid: `wm${i}` });
        for (const userid of ['ann', 'bob']) corp.follow(userid, `wm${i}`, { createtime: 1_700_000_000 });
      }
    });
    expect((await hub.sync()).state).toBe('ok');
  });

  afterEach(() => hub?.stop());

  const rowsOf = (userid: string): Promise<any[]> =>
    hub.dataSource.query('SELECT * FROM wechat_follow WHERE crop_id = ? AND userid = ? ORDER BY id', [
      hub.tenant.enterpriseId,
      userid,
    ]);

  const send = (event: Record<string, string | number>) =>
    hub.wecom.send(event, {
      url: hub.app.url + callbackPath(hub.tenant),
      ...CALLBACKS,
      corpId: hub.corp.corpId,
    });

  const heldPage = () => hub.wecom.faults.add({ path: LIST, when: { userid_list: 'ann' }, kind: 'held' });

  test('a rename while a page is under way: the rows are under the new name, once', async () => {
    const before = (await rowsOf('ann')).map(({ id }) => id);
    const held = heldPage();
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    hub.corp.renameEmployee('ann', 'anna');
    await send({ Event: 'change_contact', ChangeType: 'update_user', UserID: 'ann', NewUserID: 'anna' });
    await until(async () => (await rowsOf('anna')).length === 6);
    held.release();
    await hub.ended(data.id);
    expect([await rowsOf('ann'), (await rowsOf('anna')).map(({ id }) => id)]).toEqual([[], before]);
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { new: 0, lost: 0 } });
    expect((await rowsOf('anna')).every(({ status }) => status === 1)).toBe(true);
  });

  test('an employee who leaves while being asked for stays deleted', async () => {
    const held = hub.wecom.faults.add({ path: 'user/get', when: { userid: 'ann' }, kind: 'held' });
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    hub.corp.removeEmployee('ann');
    await send({ Event: 'change_contact', ChangeType: 'delete_user', UserID: 'ann' });
    const ann = () => hub.dataSource.query("SELECT deleted_at FROM wechat_employee WHERE user_id = 'ann'");
    await until(async () => (await ann())[0].deleted_at !== null);
    held.release();
    await hub.ended(data.id);
    expect(await ann()).toEqual([{ deleted_at: expect.any(String) }]);
  });

  test('the rows that the run itself adds do not loosen the brake', async () => {
    for (let i = 0; i < 60; i++) {
      hub.corp.addContact({ external_userid: `wmOther${i}` });
      hub.corp.follow('ann', `wmOther${i}`);
    }
    for (let i = 0; i < 6; i++) for (const userid of ['ann', 'bob']) hub.corp.unfollowByMember(userid, `wm${i}`);
    expect(await hub.sync()).toMatchObject({ state: 'held', follows: { new: 60, lost: 0, would_lose: 12 } });
  });

  test('an employee without a row who is gone is named once, and loses nothing', async () => {
    await hub.dataSource.query('DELETE FROM wechat_employee WHERE business_id = ?', [hub.tenant.enterpriseId]);
    hub.corp.removeEmployee('ann');
    const ann = { userid: 'ann', errcode: 60111 };
    expect(await hub.sync()).toMatchObject({ state: 'partial', employees: { missing: 1 }, problems: [ann] });
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { lost: 0 } });
    expect((await rowsOf('ann')).every(({ status }) => status === 1)).toBe(true);
  });

  test.each(['wmX ', 'w'.repeat(65), 'wm\ud800'])(
    'an id that no column can hold (%j) fails its employee alone',
    async (id) => {
      hub.corp.addContact({ external_userid: id });
      hub.corp.follow('ann', id);
      hub.corp.unfollowByMember('bob', 'wm1');
      expect(await hub.sync()).toMatchObject({
        state: 'partial',
        resumed: 0,
        follows: { lost: 1 },
        problems: [{ userid: 'ann', errcode: 0, msg: expect.any(String) }],
      });
    },
  );

  test('cursors that come again end the list, as a fault', async () => {
    const { port, stop } = await cyclingWecom();
    await hub.stop();
    hub = await Hub.start({ WECOM_API_BASE: `http://127.0.0.1:${port}` });
    const run = await hub.sync();
    await stop();
    expect(run).toMatchObject({ state: 'partial', employees: { failed: 1 }, follows: { lost: 0 } });
  });

  test('userids that differ by case are the same employee', async () => {
    const before = await wechatRows(hub.dataSource, hub.tenant);
    hub.corp.renameEmployee('ann', 'Ann');
    expect(await hub.sync()).toMatchObject({ state: 'ok', employees: { total: 2, missing: 0 }, follows: { new: 0 } });
    expect((await wechatRows(hub.dataSource, hub.tenant)).wechat_follow).toEqual(before.wechat_follow);
  });

  test('an empty list that the other list contradicts is not believed', async () => {
    hub.corp.pageSizes = [0];
    hub.corp.emptyBatch = 'empty list';
    const list = hub.wecom.faults.add({ path: LIST, when: { userid_list: 'ann' }, kind: { status: 200, body: EMPTY } });
    hub.corp.pageSizes = [];
    expect(await hub.sync()).toMatchObject({ state: 'partial', follows: { lost: 0 }, problems: [{ userid: 'ann' }] });
    expect(list.fired).toBe(1);
  });

  test('a list without a row on any page is not believed either', async () => {
    const isOfAnn = ({ params }: { params: Record<string, unknown> }) => String(params.userid_list) === 'ann';
    for (const next_cursor of ['second', '']) {
      const body = JSON.stringify({ errcode: 0, external_contact_list: [], next_cursor });
      hub.wecom.faults.add({ path: LIST, when: isOfAnn, kind: { status: 200, body } });
    }
    const run = await hub.sync();
    expect(run).toMatchObject({ state: 'partial', employees: { failed: 1 }, follows: { lost: 0 } });
    expect(run.problems).toEqual([{ userid: 'ann', errcode: 0, msg: expect.stringContaining('客户列表不完整') }]);
  });

  test('an answer about another employee is not believed', async () => {
    const row = { external_contact: { external_userid: 'wm99', type: 1 }, follow_info: { userid: 'bob' } };
    const odd = {
      [LIST]: { external_contact_list: [row], next_cursor: '' },
      'user/get': { userid: 'bob', name: '别人' },
    };
    for (const [path, answer] of Object.entries(odd)) {
      const body = JSON.stringify({ errcode: 0, ...answer });
      const when = path === LIST ? { userid_list: 'ann' } : { userid: 'ann' };
      hub.wecom.faults.add({ path, when, kind: { status: 200, body }, times: 'always' });
    }
    const before = await wechatRows(hub.dataSource);
    expect(await hub.sync()).toMatchObject({ state: 'partial', follows: { new: 0, lost: 0 } });
    expect(await wechatRows(hub.dataSource)).toEqual(before);
  });

  test('tags that could not be read are told by the process that takes the run over', async () => {
    hub.wecom.faults.add({ path: 'externalcontact/get_corp_tag_list', kind: { errcode: 60011 }, times: 'always' });
    const held = heldPage();
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    await hub.dataSource.query('UPDATE wecom_run SET lease_until = 0, lease_owner = ? WHERE id = ?', ['gone', data.id]);
    const run = await hub.ended(data.id);
    held.release();
    expect(run).toMatchObject({ state: 'partial', resumed: 1, error: expect.stringContaining('60011') });
  });

  test('another corp’s credentials end the run under way', async () => {
    const held = heldPage();
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    const app = { corpId: 'wwsim0000000000002', agentId: null, secret: 'another-secret', callbacks: null };
    const cipher = new Cipher(readEnv({ WECOM_CREDENTIAL_KEY: KEY }));
    await setCredentials(hub.dataSource, cipher, hub.tenant.enterpriseId, app, operator());
    held.release();
    const run = await hub.ended(data.id);
    expect(run).toMatchObject({ state: 'failed', error: '企业微信凭据已更换或移除', follows: { lost: 0 } });
  });

  test('a stopped enterprise’s run ends', async () => {
    const held = heldPage();
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    await changeEnterprise(hub.dataSource, hub.tenant.enterpriseId, { running: false }, operator());
    held.release();
    const state = async () => {
      const [row] = await hub.dataSource.query<any[]>('SELECT state, error FROM wecom_run WHERE id = ?', [data.id]);
      return row;
    };
    await until(async () => (await state()).state !== 'running');
    expect(await state()).toEqual({ state: 'failed', error: '企业已停用' });
  });

  test('credentials that cannot be read are said at once, and begin no run', async () => {
    const column = 'secret';
    await hub.dataSource.query(`UPDATE wecom_corp SET ${column} = 'AAAA' WHERE enterprise_id = ?`, [
      hub.tenant.enterpriseId,
    ]);
    const runs = async () => (await hub.dataSource.query<any[]>('SELECT COUNT(*) AS n FROM wecom_run'))[0].n;
    const before = await runs();
    const { result, msg } = await hub.ask('synchBaseData');
    expect([result, msg, await runs()]).toEqual([0, expect.stringContaining('WECOM_CREDENTIAL_KEY'), before]);
  });
});

/** An ok answer of batch/get_by_user without customers. */
const EMPTY = '{"errcode":0,"errmsg":"ok","external_contact_list":[],"next_cursor":""}';

/** A WeCom of one employee whose list goes from cursor a to b and back to a. */
async function cyclingWecom(): Promise<{ port: number; stop: () => Promise<void> }> {
  const answers: Record<string, object> = {
    gettoken: { access_token: 'token', expires_in: 7200 },
    'externalcontact/get_corp_tag_list': { tag_group: [] },
    'externalcontact/get_follow_user_list': { follow_user: ['ann'] },
    'user/get': { userid: 'ann', name: 'ann' },
  };
  let asked = 0;
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname.replace('/cgi-bin/', '');
    const page = () => ({ external_contact_list: [], next_cursor: ++asked % 2 ? 'a' : 'b' });
    request.resume().on('end', () => response.end(JSON.stringify({ errcode: 0, ...(answers[path] ?? page()) })));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const stop = () => new Promise<void>((closed) => (server.closeAllConnections(), server.close(() => closed())));
  return { port: (server.address() as AddressInfo).port, stop };
}
