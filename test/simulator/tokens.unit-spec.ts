import { Caller, useSimulator } from './client';

const simulator = useSimulator();
const SECRET = 'secret-of-the-app';

function aCorp() {
  const corp = simulator.it.world.addCorp('wwsim0000000000001', { secret: SECRET });
  corp.addEmployee('zhangsan');
  return corp;
}

const followers = (caller: Caller) => caller.get('externalcontact/get_follow_user_list');

describe('gettoken', () => {
  it('checks secret missing, corp, secret in this order', async () => {
    aCorp();
    const caller = new Caller(simulator.it);
    expect(await caller.gettoken('', 'wwnone')).toMatchObject({ errcode: 41004 });
    expect(await caller.gettoken(SECRET, '')).toMatchObject({ errcode: 41002 });
    expect(await caller.gettoken('wrong', 'wwnone')).toMatchObject({ errcode: 40013 });
    expect(await caller.gettoken('wrong')).toMatchObject({ errcode: 40001 });
    expect(simulator.it.tokens.fetched('wwsim0000000000001')).toBe(1);
  });

  it('gives the same token while it is valid, or another each time', async () => {
    aCorp();
    const caller = new Caller(simulator.it);
    const first = await caller.gettoken(SECRET);
    expect(first).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
    expect((await caller.gettoken(SECRET)).access_token).toBe(first.access_token);
    simulator.it.tokens.newEachTime = true;
    const { access_token } = await caller.gettoken(SECRET);
    expect(access_token).not.toBe(first.access_token);
    for (const token of [first.access_token, access_token]) {
      caller.token = token;
      expect(await followers(caller)).toMatchObject({ errcode: 0 });
    }
  });

  it('locks an address after many wrong secrets', async () => {
    aCorp();
    simulator.it.tokens.wrongSecretsLimit = 3;
    const caller = new Caller(simulator.it);
    for (let count = 0; count < 3; count++) await caller.gettoken('wrong');
    expect(await caller.gettoken(SECRET)).toMatchObject({ errcode: 45009 });
  });
});

describe('a token', () => {
  it('counts in the query alone', async () => {
    aCorp();
    const { token } = await new Caller(simulator.it).signIn();
    const url = `${simulator.it.url}/cgi-bin/externalcontact/get_follow_user_list`;
    const headers = { authorization: `Bearer ${token}` };
    const inHeader = await fetch(url, { headers });
    expect(await inHeader.json()).toMatchObject({ errcode: 41001, follow_user: [] });
    const inBody = await fetch(url, { method: 'POST', body: JSON.stringify({ access_token: token }) });
    expect(await inBody.json()).toMatchObject({ errcode: 41001 });
  });

  it('expires, is revoked, has its time; then gettoken gives another', async () => {
    aCorp();
    const { tokens } = simulator.it;
    const caller = await new Caller(simulator.it).signIn();
    tokens.expireNow(caller.corpId);
    expect(await followers(caller)).toMatchObject({ errcode: 42001 });
    await caller.signIn();
    expect(await followers(caller)).toMatchObject({ errcode: 0 });
    tokens.revoke(caller.corpId);
    expect(await followers(caller)).toMatchObject({ errcode: 40014, errmsg: 'invalid access_token', follow_user: [] });
    tokens.ttlSeconds = 0;
    await caller.signIn();
    expect(await followers(caller)).toMatchObject({ errcode: 42001 });
  });

  it('is checked before the address, that before the right, that before parameters', async () => {
    const app = aCorp().apps[0]!;
    Object.assign(app, { trustedAddresses: ['203.0.113.5'], forbidden: ['externalcontact/'] });
    const caller = new Caller(simulator.it);
    caller.token = 'unknown';
    const list = () => caller.get('externalcontact/list');
    expect(await list()).toMatchObject({ errcode: 40014 });
    await caller.signIn(); // gettoken asks for no address
    expect(await list()).toMatchObject({ errcode: 60020, errmsg: expect.stringContaining('from ip: 127.0.0.1') });
    app.trustedAddresses = ['127.0.0.1'];
    expect(await list()).toMatchObject({ errcode: 48002 });
    app.forbidden = [];
    expect(await list()).toMatchObject({ errcode: 41009 });
  });

  it('belongs to one app of one corp', async () => {
    const corp = aCorp();
    corp.addApp({ secret: 'secret-of-contacts-sync', kind: 'contacts-sync' });
    corp.addApp({ secret: 'secret-of-a-narrow-app', visibleRange: [] });
    const [app, sync, narrow] = await Promise.all(
      corp.apps.map(({ secret }) => new Caller(simulator.it).signIn(secret)),
    );
    expect(new Set([app!.token, sync!.token, narrow!.token]).size).toBe(3);
    expect(await followers(sync!)).toMatchObject({ errcode: 48002 });
    expect(await sync!.get('user/get', { userid: 'zhangsan' })).toMatchObject({ errcode: 48009 });
    expect(await followers(narrow!)).toMatchObject({ errcode: 0, follow_user: [] });
    expect(await followers(app!)).toMatchObject({ errcode: 0, follow_user: ['zhangsan'] });
  });

  it('and secrets stand in no record of a call', async () => {
    aCorp();
    const caller = await new Caller(simulator.it).signIn();
    await followers(caller);
    const calls = JSON.stringify(simulator.it.calls);
    expect(calls).not.toContain(caller.token);
    expect(calls).not.toContain(SECRET);
    expect(simulator.it.calls).toMatchObject([
      { path: 'gettoken' },
      { corpId: caller.corpId, errcode: 0, inFlight: 1 },
    ]);
  });
});
