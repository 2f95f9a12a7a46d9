import { isDeepStrictEqual } from 'node:util';
import { Session } from '../../../src/auth/entities/session.entity';
import { User } from '../../../src/auth/entities/user.entity';
import { sha256 } from '../../../src/base/secrets';
import { EnterpriseRight } from '../../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../../src/enterprise/entities/enterprise.entity';
import { TestApp } from '../../app';
import { engine } from '../../database';
import { buildEnterprise, buildFollow, buildRight, buildUser } from '../../factories';
import { patience } from '../../machine.cjs';
import { call, rejected, succeeded, TOKEN_EXPIRED } from '../../mix';
import { BARS, expectInTime } from './bars';
import { measured } from '../measured';
import { UNLIMITED } from '../unlimited';

/** Number of processes on one database: SQLite serves only one. */
const PROCESSES = engine === 'mariadb' ? 2 : 1;
const ROUNDS = 10;
const REFUSED: keyof typeof BARS = 'a token is refused by every process';

const NOT_SIGNED_IN = { result: 0, msg: '请登录', data: { login_status: 1 } };
const FORBIDDEN = { result: 0, msg: '无权管理该企业', data: [] };

/** Tokens and rights that end while in use, in every process at once. */
describe('revocation', () => {
  const apps: TestApp[] = [];
  const app = (n = 0) => apps[n % PROCESSES]!;
  const database = () => app().dataSource;

  beforeAll(async () => {
    // A connection for each of forty requests at once: the wait for one is bounded, and a busy machine may exceed it.
    apps.push(await TestApp.start({ settings: { ...UNLIMITED, DATABASE_POOL_SIZE: '40' } }));
    while (apps.length < PROCESSES) apps.push(await app().second());
  });

  afterAll(async () => {
    for (const each of apps.reverse()) await each.stop();
  });

  /** A new user, signed in, whose token every process has cached. */
  async function signedIn() {
    const { userId, username } = await buildUser(database());
    const { result } = await call(app(), 'login', { username, password: 'password' });
    const session = { userId, username, token: result.token as string, refreshToken: result.refresh_token as string };
    for (const each of apps) expect((await list(each, session.token)).code).toBe(200);
    return session;
  }

  /** A route that reads only its rows from the database, never the user. */
  const list = (of: TestApp, token: string) => call(of, 'user_customer/get_list', {}, token);

  /**
   * Sends requests to every process without a pause until each refuses. @returns the slowest one's milliseconds since
   * the call
   */
  async function untilRefused(token: string): Promise<number> {
    const begun = performance.now();
    const refusals = apps.map(async (each) => {
      for (;;) {
        const answer = await list(each, token);
        const ms = performance.now() - begun;
        if (answer.code !== 200) {
          expect(answer).toEqual(TOKEN_EXPIRED);
          return ms;
        }
        if (ms > patience(10_000)) throw new Error('still in');
      }
    });
    return Math.max(...(await Promise.all(refusals)));
  }

  describe('a token is refused by every process within a second', () => {
    const measure = async (
      what: string,
      takeAway: (session: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>,
    ) => {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const session = await signedIn();
        await takeAway(session);
        times.push(await untilRefused(session.token));
        expect(await call(app(1), 'check_ticket', { ticket: session.token })).toEqual(TOKEN_EXPIRED);
      }
      const slowest = Math.round(Math.max(...times));
      measured(`${what}, refused by ${PROCESSES} process(es)`, { rounds: ROUNDS, 'slowest ms': slowest });
      expectInTime(REFUSED, slowest);
    };

    test('after sign-out in another one', () =>
      measure('signed out', ({ token }) => call(app(1), 'logout', {}, token)));

    test('after renewal in another one', () =>
      measure('renewed', ({ refreshToken }) => call(app(1), 'refresh_token', { refresh_token: refreshToken })));

    test('after its account is closed', () =>
      measure('account closed', ({ userId }) => database().getRepository(User).update({ userId }, { isAvailable: 0 })));
  });

  test('a closed account can neither sign in nor renew a token, in either family', async () => {
    const { userId, username, refreshToken, token } = await signedIn();
    await database().getRepository(User).update({ userId }, { isAvailable: 0 });
    for (const each of apps) {
      const login = await call(each, 'login', { username, password: 'password' });
      expect(login).toEqual(rejected('用户名或密码错误'));
      expect(await call(each, 'refresh_token', { refresh_token: refreshToken })).toEqual(TOKEN_EXPIRED);
    }
    await untilRefused(token);
    for (const each of apps) {
      expect((await each.send('/business/2/admin/businessList', { token })).body).toEqual(NOT_SIGNED_IN);
    }
  });

  test('a refresh token used forty times at once renews its session once', async () => {
    let winners = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { userId, refreshToken, token } = await signedIn();
      const uses = Array.from({ length: 40 }, (_, n) => call(app(n), 'refresh_token', { refresh_token: refreshToken }));
      const answers = await Promise.all(uses);
      const won = answers.filter(({ code }) => code === 200);
      winners += won.length;
      expect(answers.filter(({ code }) => code !== 200)).toEqual(Array(39).fill(TOKEN_EXPIRED));
      const sessions = await database().getRepository(Session).findBy({ userId });
      expect(sessions.map(({ tokenHash }) => tokenHash)).toEqual([sha256(won[0].result.token as string)]);
      for (const each of apps) expect((await list(each, won[0].result.token as string)).code).toBe(200);
      expectInTime(REFUSED, await untilRefused(token));
    }
    measured(`refresh token used 40 times at once, ${PROCESSES} process(es)`, { rounds: ROUNDS, winners });
    expect(winners).toBe(ROUNDS);
  });

  test("twenty sign-outs at once end that session and none of the user's others", async () => {
    const { userId, username, token } = await signedIn();
    const other = await app(1).login(username, 'password');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => call(app(n), 'logout', {}, token)));
    for (const answer of answers) expect([succeeded('删除成功'), TOKEN_EXPIRED]).toContainEqual(answer);
    expect(answers.filter(({ code }) => code === 200)).toEqual([succeeded('删除成功')]);
    expectInTime(REFUSED, await untilRefused(token));
    for (const each of apps) expect((await list(each, other)).code).toBe(200);
    expect(await database().getRepository(Session).countBy({ userId })).toBe(1);
  });

  test('a sign-out and a renewal at once: one succeeds, and no session survives that looks ended', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { userId, refreshToken, token } = await signedIn();
      const [ended, renewed] = await Promise.all([
        call(app(0), 'logout', {}, token),
        call(app(1), 'refresh_token', { refresh_token: refreshToken }),
      ]);
      const sessions = await database().getRepository(Session).findBy({ userId });
      const expected = renewed.code === 200 ? [sha256(renewed.result.token as string)] : [];
      expect(sessions.map(({ tokenHash }) => tokenHash)).toEqual(expected);
      expect(ended).toEqual(renewed.code === 200 ? TOKEN_EXPIRED : succeeded('删除成功'));
      expectInTime(REFUSED, await untilRefused(token));
    }
  });

  describe('an enterprise cannot be chosen or read', () => {
    const uniacid = 9800;

    const manage = (n: number, token: string, id: number) =>
      app(n).send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id } });
    const read = (n: number, token: string) =>
      app(n).send(`/business/${uniacid}/plugin/WechatCustomers/getList`, { token });

    /** A user who may manage a new enterprise with one follow, which every process has read. */
    async function manager() {
      const { userId, token } = await signedIn();
      const { id } = await buildEnterprise(database(), { uniacid });
      await buildRight(database(), { uniacid, enterpriseId: id, userId });
      await buildFollow(database(), { uniacid, enterpriseId: id });
      await manage(0, token, id);
      for (const n of apps.keys()) expect((await read(n, token)).body.data.total).toBe(1);
      return { userId, token, id };
    }

    test.each<[what: string, takeAway: (of: { userId: number; id: number }) => Promise<unknown>]>([
      ['right', ({ userId, id }) => database().getRepository(EnterpriseRight).delete({ userId, enterpriseId: id })],
      ['enterprise', ({ id }) => database().getRepository(Enterprise).update({ id }, { status: 0 })],
    ])('once the %s is gone, in any process', async (what, takeAway) => {
      const answers: unknown[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { userId, token, id } = await manager();
        // Choices under way meanwhile may succeed; a stored choice is no right.
        const meanwhile = Array.from({ length: 10 }, (_, n) => manage(n, token, id));
        await takeAway({ userId, id });
        const after = Array.from({ length: 10 }, (_, n) => [manage(n, token, id), read(n, token)]).flat();
        answers.push(...(await Promise.all(after)).map(({ body }) => body as unknown));
        await Promise.all(meanwhile);
        for (const n of apps.keys()) expect((await read(n, token)).body).toEqual(FORBIDDEN);
      }
      const allowed = answers.filter((answer) => !isDeepStrictEqual(answer, FORBIDDEN));
      measured(`${what} taken away, ${PROCESSES} process(es)`, {
        rounds: ROUNDS,
        'asked at once after': answers.length,
        allowed: allowed.length,
      });
      expect(allowed).toEqual([]);
    });
  });
});
