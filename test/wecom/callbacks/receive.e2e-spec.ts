import { encrypt, getSignature } from '@wecom/crypto';
import type { Receiver } from '../../../simulator/sender';
import { TestApp } from '../../app';
import { buildEnterprise } from '../../factories';
import { sendBytes } from '../../raw-socket';
import { APP_KEYS, Connected, CONTACTS_KEYS } from './connected';
import { vectors } from './vectors';

/** An event without effect, so that no worker changes the row. */
const CHAT = { Event: 'change_external_chat', ChangeType: 'update', ChatId: 'wrSIM01' };

const WELCOME_CODE = 'CanaryWelcomeCode';

describe('the way in', () => {
  let connected: Connected;
  let app: TestApp;

  beforeAll(async () => {
    connected = await Connected.start({
      demo: false,
      fill: (dataSource) => buildEnterprise(dataSource, { id: 1 }).then(() => undefined),
    });
    ({ app } = connected);
  });

  afterEach(() => connected.emptyInbox());

  afterAll(() => connected.stop());

  /** Posts what may be tampered with. */
  async function post(url: string, body: string, headers: Record<string, string> = { 'content-type': 'text/xml' }) {
    const response = await fetch(url, { method: 'POST', body, headers });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  }

  /** A body around a ciphertext, with the address signed for it. */
  function signed(cipher: string, to: Receiver, body = `<xml><Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`) {
    const [timestamp, nonce] = ['1790000000', '12345'];
    const url = new URL(to.url);
    const signature = getSignature(to.token, timestamp, nonce, cipher);
    url.search = new URLSearchParams({ msg_signature: signature, timestamp, nonce }).toString();
    return { url: url.href, body };
  }

  async function expectRefused(answer: { status: number; type: string | null; text: string }, status: number) {
    expect(answer).toEqual({ status, type: 'text/plain; charset=utf-8', text: 'refused' });
    expect(await connected.events()).toEqual([]);
  }

  describe.each([
    ['the app', APP_KEYS, 1000002],
    ['the contacts assistant', CONTACTS_KEYS, undefined],
  ])('%s', (_who, keys, agentId) => {
    const to = () => connected.receiver({ ...keys, agentId });

    test('checks the address and gets the plain echostr', async () => {
      expect(await connected.wecom.verify(to())).toMatchObject({ status: 200, isRight: true });
    });

    test('posts an event: success, and a row', async () => {
      const [delivery, ...more] = await connected.wecom.send({ ...CHAT, CreateTime: 1_790_000_000 }, to());
      expect(more).toEqual([]);
      expect(delivery).toMatchObject({ status: 200, body: 'success', contentType: 'text/plain; charset=utf-8' });
      expect(await connected.events()).toMatchObject([
        {
          uniacid: 2,
          enterpriseId: 1,
          change: 'change_external_chat/update',
          eventTime: 1_790_000_000,
          state: 'ignored',
          duplicates: 0,
        },
      ]);
    });
  });

  test.each(vectors.filter(({ postBody }) => postBody).map((vector) => [vector.id, vector] as const))(
    '%s is stored by its kind',
    async (_id, { expect: { msg } }) => {
      const { url, body } = connected.wecom.sealed(msg, connected.receiver());
      expect(await post(url, body)).toMatchObject({ status: 200, text: 'success' });
      const [row, ...more] = await connected.events();
      expect(more).toEqual([]);
      const element = (name: string) =>
        new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(msg)?.[1] ?? '';
      expect(row).toMatchObject({
        change: `${element('Event')}/${element('ChangeType')}`,
        userid: element('UserID'),
        externalUserid: element('ExternalUserID'),
        eventTime: Number(element('CreateTime')),
      });
      expect(JSON.stringify(row)).not.toContain('WELCOME_SIM');
    },
  );

  test.each(['text/xml', 'text/xml; charset=utf-8', 'application/xml', 'text/plain', undefined])(
    'a body of type %s is read',
    async (type) => {
      const { url, body } = connected.wecom.envelope(CHAT, connected.receiver());
      const { pathname, search } = new URL(url);
      const head = [`POST ${pathname}${search} HTTP/1.1`, `Content-Length: ${Buffer.byteLength(body)}`];
      const answer = await sendBytes(app.url, type ? [...head, `Content-Type: ${type}`] : head, body);
      expect([answer.status, answer.text]).toEqual([200, 'success']);
    },
  );

  test('a message to the app and an event of no known kind are acknowledged and counted', async () => {
    for (const event of [{ MsgType: 'text', Content: 'x' }, { Event: 'subscribe' }, { Event: 'x'.repeat(200) }]) {
      expect(await connected.wecom.send(event, connected.receiver())).toMatchObject([{ body: 'success' }]);
    }
    expect((await connected.events()).map(({ change, state }) => [change, state])).toEqual([
      ['message/text', 'ignored'],
      ['subscribe', 'ignored'],
      ['x'.repeat(80), 'ignored'],
    ]);
  });

  test.each([
    ['without a contact', { ChangeType: 'add_external_contact', UserID: 'zhangsan' }],
    ['with a longer id than any', { ChangeType: 'add_external_contact', UserID: 'z'.repeat(65), ExternalUserID: 'wm' }],
    ['with an id that ends in a blank', { ChangeType: 'del_follow_user', UserID: 'z', ExternalUserID: 'wm ' }],
    [
      'without a usable time',
      { ChangeType: 'add_external_contact', UserID: 'z', ExternalUserID: 'wm', CreateTime: 'x' },
    ],
  ])('an event %s has no effect', async (_what, event) => {
    await connected.wecom.send({ Event: 'change_external_contact', ...event }, connected.receiver());
    expect(await connected.events()).toMatchObject([{ state: 'ignored', subject: '' }]);
  });

  describe('403', () => {
    test('a wrong signature', async () => {
      const { url, body } = connected.wecom.envelope(CHAT, connected.receiver());
      const wrong = new URL(url);
      wrong.searchParams.set('msg_signature', 'a'.repeat(40));
      await expectRefused(await post(wrong.href, body), 403);
    });

    test.each(['msg_signature', 'timestamp', 'nonce'])('no %s', async (name) => {
      const { url, body } = connected.wecom.envelope(CHAT, connected.receiver());
      const lacking = new URL(url);
      lacking.searchParams.delete(name);
      await expectRefused(await post(lacking.href, body), 403);
    });

    test('a signature that is a list', async () => {
      const { url, body } = connected.wecom.envelope(CHAT, connected.receiver());
      await expectRefused(await post(url.replace('msg_signature', 'msg_signature[]'), body), 403);
    });

    test('the keys of another corp', async () => {
      const to = connected.receiver({ token: 'Stranger2026' });
      expect((await connected.wecom.send(CHAT, to, { retries: 0 })).map(({ status }) => status)).toEqual([403]);
      expect(await connected.wecom.verify(to)).toMatchObject({ status: 403, body: 'refused' });
    });

    test('another receiver', async () => {
      const to = connected.receiver({ corpId: 'wwother0000000001' });
      const { url, body } = connected.wecom.envelope(CHAT, to);
      await expectRefused(await post(url, body), 403);
      expect(await connected.wecom.verify(to)).toMatchObject({ status: 403, body: 'refused' });
    });

    test('a check of the address without anything', async () => {
      const response = await fetch(connected.receiver().url);
      expect([response.status, await response.text()]).toEqual([403, 'refused']);
    });
  });

  describe('400', () => {
    const cipher = () => encrypt(APP_KEYS.aesKey, '<xml><Event>x</Event></xml>', connected.receiver().corpId);

    test.each([
      ['a DTD', (text: string) => `<!DOCTYPE xml [<!ENTITY x "y">]><xml><Encrypt>${text}</Encrypt></xml>`],
      ['no Encrypt', () => '<xml><AgentID>1</AgentID></xml>'],
      ['no XML', () => '{"Encrypt":"x"}'],
      ['XML that is cut', (text: string) => `<xml><Encrypt>${text}</Encrypt>`],
      ['nothing', () => ''],
      ['many elements', (text: string) => `<xml>${'<a></a>'.repeat(50)}<Encrypt>${text}</Encrypt></xml>`],
    ])('%s', async (_what, body) => {
      const text = cipher();
      const { url } = signed(text, connected.receiver());
      await expectRefused(await post(url, body(text)), 400);
    });

    test('a body that is no UTF-8', async () => {
      const { url } = signed(cipher(), connected.receiver());
      const response = await fetch(url, { method: 'POST', body: Buffer.from([0xff, 0xfe]) });
      expect([response.status, await response.text()]).toEqual([400, 'refused']);
    });

    test.each([
      ['bad base64', 'not base64'],
      ['half a block', Buffer.alloc(24).toString('base64')],
      ['a bad pad', Buffer.alloc(64).toString('base64')],
    ])('signed, but %s', async (_what, text) => {
      const { url, body } = signed(text, connected.receiver());
      await expectRefused(await post(url, body), 400);
    });

    test('signed, but the event has a DTD, or is no XML', async () => {
      for (const text of ['<!DOCTYPE x><xml><Event>x</Event></xml>', 'x', '']) {
        const { url, body } = connected.wecom.sealed(text, connected.receiver());
        await expectRefused(await post(url, body), 400);
      }
    });
  });

  test('413: more than 64 KB, however it is announced', async () => {
    const { url, body } = connected.wecom.envelope(CHAT, connected.receiver());
    const room = 64 * 1024 - Buffer.byteLength(body);
    const padded = (bytes: number) => body.replace('</xml>', `${' '.repeat(bytes)}</xml>`);
    expect(await post(url, padded(room))).toMatchObject({ status: 200 });
    await connected.emptyInbox();
    await expectRefused(await post(url, padded(room + 1)), 413);
    const large = padded(room + 1);
    const { pathname, search } = new URL(url);
    const head = [`POST ${pathname}${search} HTTP/1.1`, 'Content-Type: text/xml', 'Transfer-Encoding: chunked'];
    const chunked = await sendBytes(app.url, head, `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`);
    expect([chunked.status, chunked.text]).toEqual([413, 'refused']);
  });

  test.each([
    ['an unknown enterprise', '/business/2/plugin/WechatCustomers/receive/999'],
    ['an enterprise without credentials', '/business/2/plugin/WechatCustomers/receive/2'],
    ['another uniacid', '/business/3/plugin/WechatCustomers/receive/1'],
    ['an enterprise that is no number', '/business/2/plugin/WechatCustomers/receive/1x'],
    ['an enterprise 0', '/business/2/plugin/WechatCustomers/receive/0'],
    ['a number beyond all', '/business/2/plugin/WechatCustomers/receive/99999999999999999999'],
  ])('404: %s', async (_what, path) => {
    await buildEnterprise(app.dataSource, { id: 2 }).catch(() => undefined);
    const to = connected.receiver({ url: app.url + path });
    const { url, body } = connected.wecom.envelope(CHAT, to);
    await expectRefused(await post(url, body), 404);
    expect(await connected.wecom.verify(to)).toMatchObject({ status: 404, body: 'refused' });
  });

  test('another method is none, in the envelope of the family', async () => {
    const answer = await app.send('/business/2/plugin/WechatCustomers/receive/1', { method: 'PUT' });
    expect([answer.status, answer.body.result]).toEqual([405, 0]);
  });

  test('text/xml is still read by no other route', async () => {
    const raw = { body: '<xml></xml>', type: 'text/xml' };
    expect((await app.send('/api/login', { raw })).body.msg).toContain('请求格式不正确');
  });

  describe('the same event', () => {
    const EDIT = {
      Event: 'change_external_contact',
      ChangeType: 'del_follow_user',
      UserID: 'z',
      ExternalUserID: 'wm1',
    };

    test('ten times at once, by two processes, is one row', async () => {
      const other = await app.second();
      try {
        const event = { ...EDIT, CreateTime: 1_790_000_000, WelcomeCode: WELCOME_CODE };
        const sends = [app, other].map((process) =>
          connected.wecom.send(event, connected.receiver({}, process), { times: 10, isParallel: true }),
        );
        const deliveries = (await Promise.all(sends)).flat();
        expect(deliveries.map(({ body }) => body)).toEqual(Array(20).fill('success'));
        const rows = await connected.events();
        expect(rows).toMatchObject([{ change: 'change_external_contact/del_follow_user', duplicates: 19 }]);
        expect(JSON.stringify(rows)).not.toContain(WELCOME_CODE);
      } finally {
        await other.stop();
      }
    });

    test('of another second is another event', async () => {
      for (const CreateTime of [1_790_000_000, 1_790_000_001]) {
        await connected.wecom.send({ ...EDIT, CreateTime }, connected.receiver());
      }
      expect(await connected.events()).toMatchObject([{ duplicates: 0 }, { duplicates: 0 }]);
    });

    test('without effect is counted too', async () => {
      const event = { ...CHAT, CreateTime: 1_790_000_000 };
      await connected.wecom.send(event, connected.receiver(), { times: 3 });
      expect(await connected.events()).toMatchObject([{ state: 'ignored', duplicates: 2 }]);
    });
  });

  test('two enterprises of the same corp keep their events apart', async () => {
    const event = { ...CHAT, CreateTime: 1_790_000_000 };
    await buildEnterprise(app.dataSource, { id: 3 });
    await connected.setCredentials(3);
    const other = connected.receiver({ url: `${app.url}/business/2/plugin/WechatCustomers/receive/3` });
    await connected.wecom.send(event, connected.receiver());
    await connected.wecom.send(event, other);
    expect((await connected.events()).map(({ enterpriseId }) => enterpriseId)).toEqual([1, 3]);
  });
});

describe('beyond the address limit', () => {
  let connected: Connected;

  beforeAll(async () => {
    const fill = async (dataSource: TestApp['dataSource']) => void (await buildEnterprise(dataSource, { id: 1 }));
    connected = await Connected.start({ demo: false, fill, settings: { RATE_LIMIT_ADDRESS: '20' } });
  });

  afterAll(() => connected.stop());

  test('signed events use up nothing and pass; what is not signed counts, and is refused as any request', async () => {
    const { wecom } = connected;
    const statuses = async (count: number, to: Receiver) => {
      const deliveries = [];
      for (let n = 0; n < count; n++) deliveries.push(...(await wecom.send(CHAT, to, { retries: 0 })));
      return [...new Set(deliveries.map(({ status }) => status))];
    };
    const stranger = connected.receiver({ token: 'Stranger2026' });
    expect(await statuses(30, connected.receiver())).toEqual([200]);
    expect(await statuses(20, stranger)).toEqual([403]);
    expect(await statuses(3, stranger)).toEqual([429]);
    const answer = await fetch(`${connected.app.url}/api/user`, { method: 'POST' });
    expect(answer.status).toBe(429);
    expect(await statuses(5, connected.receiver())).toEqual([200]);
    expect((await wecom.verify(connected.receiver())).isRight).toBe(true);
    const plain = await fetch(connected.receiver().url, { method: 'POST' });
    expect([plain.status, await plain.text(), plain.headers.has('retry-after')]).toEqual([429, 'refused', true]);
  });
});
