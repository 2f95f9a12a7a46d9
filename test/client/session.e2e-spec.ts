import type { Server } from 'node:http';
import { inspect } from 'node:util';
import { createClient, NotSignedInError, type Tokens } from '../../client/src/index';
import { AuthService } from '../../src/auth/auth.service';
import { Session } from '../../src/auth/entities/session.entity';
import { SessionStore } from '../../src/auth/session-store';
import { TestApp } from '../app';
import { until } from '../until';
import { ADMIN, connect, documentedFetch, failureOf } from './connect';

function promise() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('the session of the typed client', () => {
  let app: TestApp;
  let signIns: jest.SpyInstance;
  let renewals: jest.SpyInstance;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  beforeEach(() => {
    signIns = jest.spyOn(app.app.get(AuthService), 'login');
    renewals = jest.spyOn(app.app.get(SessionStore), 'rotate');
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(async () => {
    // Twenty calls at once may open a connection that none of them then needs, and that counts as busy.
    (app?.app.getHttpServer() as Server | undefined)?.closeAllConnections();
    await app?.stop();
  });

  /** A pair of tokens whose token has ended; with `refresh` the other one, too. */
  async function endedTokens({ refresh = false } = {}): Promise<Tokens> {
    const { token, refresh_token } = await connect(app).auth.login(ADMIN);
    const ended = { expiresAt: 1, ...(refresh && { refreshExpiresAt: 1 }) };
    await app.dataSource.createQueryBuilder().update(Session).set(ended).execute(); // before the server caches it
    signIns.mockClear();
    return { token, refresh_token };
  }

  const sessions = () => app.dataSource.getRepository(Session).count();

  const twentyCalls = (hub: ReturnType<typeof connect>) =>
    Array.from({ length: 20 }, (_, n) => (n % 2 ? hub.auth.user() : hub.enterprise.businessList({ uniacid: 2 })));

  test('20 first calls sign in once', async () => {
    const answers = await Promise.all(twentyCalls(connect(app)));
    expect(answers).toHaveLength(20);
    expect(signIns).toHaveBeenCalledTimes(1);
  });

  test('20 calls with a token that has ended renew it once, and all succeed', async () => {
    const given: Tokens[] = [];
    const hub = connect(app, { ...(await endedTokens()), onTokens: (tokens) => given.push(tokens) });
    const before = await sessions();
    const answers = await Promise.all(twentyCalls(hub));
    expect(answers.filter((answer) => 'username' in answer)).toHaveLength(10);
    expect([renewals.mock.calls.length, signIns.mock.calls.length]).toEqual([1, 0]);
    expect(await sessions()).toBe(before);
    expect(given).toEqual([{ token: expect.any(String), refresh_token: expect.any(String) }]);
    expect(await connect(app, given[0]).auth.user()).toMatchObject({ username: 'admin' });
  });

  test('where the refresh token has ended too, an account signs in again, once', async () => {
    const given: Tokens[] = [];
    const hub = connect(app, { ...ADMIN, onTokens: (tokens) => given.push(tokens) });
    await hub.auth.user();
    await app.dataSource.getRepository(Session).clear();
    await until(async () => (await app.send('/api/user', { token: given[0]!.token })).body.code === 401);
    signIns.mockClear();
    await Promise.all(twentyCalls(hub));
    expect([renewals.mock.calls.length, signIns.mock.calls.length]).toEqual([1, 1]);
  });

  test('and without an account every call says so, after one attempt', async () => {
    const calls = twentyCalls(connect(app, await endedTokens({ refresh: true })));
    const failures = await Promise.all(calls.map(failureOf));
    for (const failure of failures) expect(failure).toBeInstanceOf(NotSignedInError);
    expect(renewals).toHaveBeenCalledTimes(1);
  });

  test('a wrong password is told to all who wait, and tried once', async () => {
    const hub = connect(app, { ...ADMIN, password: 'not-the-password' });
    const failures = await Promise.all(twentyCalls(hub).map(failureOf));
    expect(new Set(failures.map(({ message }) => message as string))).toEqual(new Set(['用户名或密码错误']));
    expect(signIns).toHaveBeenCalledTimes(1);
  });

  test('a caller who leaves during the renewal does not end it for the others', async () => {
    const [asked, held] = [promise(), promise()];
    const fetch = async (url: string, init: RequestInit) => {
      if (!url.endsWith('/api/refresh_token')) return documentedFetch(url, init);
      asked.resolve();
      await held.promise;
      return documentedFetch(url, init);
    };
    const hub = connect(app, { ...(await endedTokens()), fetch });
    const leaving = new AbortController();
    const left = failureOf(hub.auth.user({ signal: leaving.signal }));
    const stays = hub.auth.user();
    await asked.promise;
    leaving.abort();
    expect(await left).toMatchObject({ name: 'AbortError' });
    held.resolve();
    expect(await stays).toMatchObject({ username: 'admin' });
    expect(renewals).toHaveBeenCalledTimes(1);
  });

  test('a sign-out ends the session', async () => {
    const { token, refresh_token } = await connect(app).auth.login(ADMIN);
    const hub = connect(app, { token, refresh_token });
    expect(await hub.auth.logout()).toEqual([]);
    expect(await failureOf(hub.auth.user())).toBeInstanceOf(NotSignedInError);
  });

  describe('keeps secrets', () => {
    test('out of what a client shows', async () => {
      const tokens: Tokens[] = [];
      const hub = connect(app, { ...ADMIN, onTokens: (pair) => tokens.push(pair) });
      await hub.auth.user();
      const shown = inspect(hub, { depth: 9, showHidden: true }) + JSON.stringify(hub);
      for (const secret of [ADMIN.password, ...Object.values(tokens[0]!)]) expect(shown).not.toContain(secret);
    });

    test.each([
      ['a password in the URL', { baseUrl: 'http://admin:hunter2@localhost', token: 'x' }],
      ['a token of two lines', { baseUrl: 'http://localhost', token: 'hunter2\nhunter2' }],
      ['a token beyond ASCII', { baseUrl: 'http://localhost', token: 'hunter2é' }],
    ])('out of the error about %s', (_case, options) => {
      expect(() => createClient(options)).toThrow(TypeError);
      expect(() => createClient(options)).toThrow(expect.not.objectContaining({ message: /hunter2/ }));
    });
  });
});
