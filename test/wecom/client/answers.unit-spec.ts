import { Unstorable } from '../../../src/database/storable';
import { OperatorError } from '../../../src/base/operator-error';
import { readAnswer } from '../../../src/wecom/client/answer';
import { contactOf, getByUser, getContact, getFollowUserList } from '../../../src/wecom/client/api/contacts';
import { getCorpTagList } from '../../../src/wecom/client/api/tags';
import { getToken } from '../../../src/wecom/client/api/token';
import { getUser } from '../../../src/wecom/client/api/users';
import { remark } from '../../../src/wecom/client/api/writes';
import type { Endpoint } from '../../../src/wecom/client/endpoint';
import { sentenceOf, WecomRefused, WecomUnavailable } from '../../../src/wecom/client/errors';
import { WrongCredentialKey } from '../../../src/wecom/corps/cipher';

const read = (endpoint: Endpoint<unknown>, body: unknown, secrets: string[] = []) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readAnswer(endpoint, { status: 200, text }, secrets);
};
const answer = (endpoint: Endpoint<any>, body: unknown): any => {
  const outcome = read(endpoint, body);
  expect(outcome.kind).toBe('answer');
  return outcome.kind === 'answer' && outcome.answer;
};

const pair = (contact: object, follow: object) => ({
  external_contact_list: [
    { external_contact: { external_userid: 'wm1', ...contact }, follow_info: { userid: 'u', ...follow } },
  ],
});

const single = (follower: object) => ({
  external_contact: { external_userid: 'wm1' },
  follow_user: [{ userid: 'u', ...follower }],
});

describe('answers of WeCom', () => {
  test('a missing errcode is success, a missing cursor is the end', () => {
    expect(answer(getByUser, pair({}, {}))).toEqual({ ...pair({}, {}), next_cursor: '' });
    expect(answer(remark, {})).toEqual({});
  });

  test('fields that are left out or of another type stand for nothing, and the page for itself', () => {
    const odd = { name: 7, avatar: null, type: '2', gender: {}, unionid: ['x'], external_profile: 'odd' };
    const oddFollow = {
      remark: false,
      createtime: '1760000000',
      remark_mobiles: ['1', 2, null],
      add_way: 'soon',
      state: 5,
    };
    const [row] = answer(getByUser, pair(odd, oddFollow)).external_contact_list;
    expect(row.external_contact).toEqual({ external_userid: 'wm1', name: '7', type: 2, external_profile: 'odd' });
    expect(row.follow_info).toEqual({ userid: 'u', createtime: 1_760_000_000, remark_mobiles: ['1'], state: '5' });
    const more = answer(getByUser, pair({ new_field: 1 }, { add_way: 99, wechat_channels: {} }));
    expect(more).toEqual({ ...pair({}, { add_way: 99 }), next_cursor: '' });
  });

  test.each<[string, Endpoint<unknown>, unknown]>([
    ['no list', getFollowUserList, { errcode: 0 }],
    ['a list that is null', getFollowUserList, { errcode: 0, follow_user: null }],
    ['an empty userid', getFollowUserList, { follow_user: [''] }],
    ['no rows', getByUser, { next_cursor: 'x' }],
    ['a row without its contact', getByUser, { external_contact_list: [{ follow_info: { userid: 'u' } }] }],
    [
      'a row without its employee',
      getByUser,
      { external_contact_list: [{ external_contact: { external_userid: 'w' } }] },
    ],
    ['a contact without its id', getByUser, pair({ external_userid: 5 }, {})],
    ['no followers', getContact, { external_contact: { external_userid: 'wm1' } }],
    ['no contact', getContact, { external_contact: {}, follow_user: [] }],
    ['no tags', getCorpTagList, {}],
    ['a group without its tags', getCorpTagList, { tag_group: [{ group_id: 'et' }] }],
    ['no user', getUser, { name: 'x' }],
    ['no token', getToken, { expires_in: 7200 }],
    ['tags that are null', getByUser, pair({}, { tag_id: null })],
    ['tags in one text', getByUser, pair({}, { tag_id: 'et1' })],
    ['a tag that is a number', getByUser, pair({}, { tag_id: ['et1', 2] })],
    ['named tags that are null', getContact, single({ tags: null })],
    ['named tags that are texts', getContact, single({ tags: ['et1'] })],
    ['a named tag whose id is null', getContact, single({ tags: [{ type: 1, tag_id: null }] })],
    ['another contact', contactOf('wm2'), single({})],
  ])('%s: a passing fault', (_what, endpoint, body) => {
    expect(read(endpoint, body)).toEqual({ kind: 'fault', reason: 'incomplete' });
  });

  test.each(['', 'null', '5', '"ok"', '{', '<xml/>'])('%s is not JSON of WeCom', (text) => {
    expect(read(getUser, text)).toEqual({ kind: 'fault', reason: 'not JSON' });
  });

  test('a code comes before the empty containers, and its hint and our address with it', () => {
    const errmsg =
      'not allow to access from your ip, hint: [1760000000_123], from ip: 203.0.113.7, more info at https://…';
    expect(read(getFollowUserList, { errcode: 60020, errmsg, follow_user: [] })).toEqual({
      kind: 'refusal',
      refusal: {
        path: getFollowUserList.path,
        errcode: 60020,
        errmsg,
        hint: '1760000000_123',
        callerAddress: '203.0.113.7',
      },
    });
    expect(read(getUser, { errcode: '40014' })).toMatchObject({
      kind: 'refusal',
      refusal: { errcode: 40014, hint: '' },
    });
  });

  test.each(['odd', '', ' ', '0x0', null, [], [0], {}, false, true, 0.5])('errcode %j: a passing fault', (errcode) => {
    expect(read(remark, { errcode })).toEqual({ kind: 'fault', reason: 'no errcode' });
  });

  test.each([201, 204, 301, 400, 403, 404, 429, 500, 502])('status %i: a passing fault, whatever it says', (status) => {
    for (const text of ['{}', '{"errcode":0,"errmsg":"ok"}', '{"errcode":48002}', '']) {
      expect(readAnswer(remark, { status, text }, [])).toEqual({ kind: 'fault', reason: `status ${status}` });
    }
  });

  test('texts of WeCom are cut, and without what must not be repeated', () => {
    const outcome = read(getUser, { errcode: 40014, errmsg: `bad TOKEN-1 ${'x'.repeat(1000)}` }, ['TOKEN-1']);
    const { errmsg } = (outcome as { refusal: { errmsg: string } }).refusal;
    expect([errmsg.slice(0, 6), errmsg.length]).toEqual(['bad … ', 300]);
  });
});

describe('sentences', () => {
  const refused = (errcode: number) =>
    new WecomRefused({ path: 'user/get', errcode, errmsg: 'secret', hint: '', callerAddress: '' });

  test.each([
    [refused(48002), '企业微信返回 48002：应用没有客户联系权限'],
    [refused(99999), '企业微信返回 99999'],
    [new WecomUnavailable('user/get', -1, ''), '企业微信返回 -1：系统繁忙'],
    [new WecomUnavailable('user/get', 0, 'timeout'), '企业微信暂时无法访问：超时'],
    [new WecomUnavailable('user/get', 0, 'cursor again'), '企业微信暂时无法访问：游标重复'],
    [new WecomUnavailable('user/get', 0, 'status 502'), '企业微信暂时无法访问：HTTP 502'],
    [new WecomUnavailable('user/get', 0, 'CERT_HAS_EXPIRED'), '企业微信暂时无法访问：网络错误（CERT_HAS_EXPIRED）'],
    [new WrongCredentialKey('x'), '企业微信凭据无法读取：WECOM_CREDENTIAL_KEY 缺失或不正确'],
    [new OperatorError('enterprise 7 is stopped'), '内部错误：enterprise 7 is stopped'],
    [new TypeError('secret'), '内部错误：TypeError'],
    [new Unstorable('wechat_follow.userid takes 64'), '企业微信返回的编号无法保存'],
  ])('%s', (error, sentence) => expect(sentenceOf(error)).toBe(sentence));
});
