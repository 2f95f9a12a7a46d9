import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { guesserOfPassword } from '../../src/auth/attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from '../../src/auth/attempts/attempt-limiter';
import { WrongCredentials } from '../../src/auth/auth.service';
import { SessionStore } from '../../src/auth/session-store';
import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { TestApp } from '../app';
import { buildUser } from '../factories';
import { call, rejected } from '../mix';

const WRONG = rejected('用户名或密码错误');
const TOO_MANY = rejected('密码错误次数过多，请15分钟后重试');

/**
 * The app trusts the test as a proxy, so that X-Forwarded-For sets the client's address. Concurrent guesses have a
 * connection each: the wait for one is bounded, and a busy machine may exceed it.
 */
const settings = { TRUSTED_PROXIES: '127.0.0.0/8', DATABASE_POOL_SIZE: '40' };

describe('guessing at passwords', () => {
  let app: TestApp;
  let other: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ settings });
    other = await app.second();
  });

  afterEach(async () => {
    await other.stop();
    await app.stop();
  });

  const login = async (username: string, password: string, { at = app, from = '192.0.2.1' } = {}) =>
    (await at.send('/api/login', { json: { username, password }, headers: { 'x-forwarded-for': from } })).body;

  const guess = async (times: number, username: string, options = {}) => {
    for (let n = 0; n < times; n++) expect(await login(username, `wrong${n}`, options)).toEqual(WRONG);
  };

  const fail = (subject: string, times: number, failedAt = Math.floor(Date.now() / 1000)) =>
    app.dataSource.getRepository(FailedAttempt).insert(Array.from({ length: times }, () => ({ subject, failedAt })));

  test('from one address ends after ten wrong ones, in every process, and locks out no other address', async () => {
    await guess(6, 'demo');
    await guess(4, 'demo', { at: other });
    for (const at of [app, other]) {
      expect(await login('demo', 'demo-user', { at })).toEqual(TOO_MANY);
      expect((await login('demo', 'demo-user', { at, from: '192.0.2.9' })).code).toBe(200);
    }
    expect((await login('admin', 'demo-admin')).code).toBe(200);
  });

  test('from many addresses ends after a hundred wrong ones', async () => {
    for (let n = 0; n < 100; n++) await guess(1, 'demo', { at: n % 2 ? app : other, from: `192.0.2.${n}` });
    for (const at of [app, other]) {
      expect(await login('demo', 'demo-user', { at, from: '198.51.100.1' })).toEqual(TOO_MANY);
    }
    expect((await login('admin', 'demo-admin')).code).toBe(200);
  });

  test('allows the right one after nine wrong ones, and does not count it', async () => {
    await guess(9, 'demo');
    for (let n = 0; n < 3; n++) expect((await login('demo', 'demo-user')).code).toBe(200);
    await guess(1, 'demo');
    expect(await login('demo', 'demo-user')).toEqual(TOO_MANY);
  });

  test('is limited for an unknown name too, which reveals no account', async () => {
    await guess(10, 'nobody');
    expect(await login('nobody', 'demo-user')).toEqual(TOO_MANY);
  });

  test('tells at most ten of 30 concurrent ones that they are wrong', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => login('demo', `wrong${n}`)));
    expect(answers.filter(({ msg }) => msg === WRONG.msg)).toHaveLength(10);
    expect(answers.filter(({ msg }) => msg === TOO_MANY.msg)).toHaveLength(20);
  });

  describe('600 at once at many accounts from one address', () => {
    /** Sends the guesses to the processes in turn. @returns how many were answered with what */
    const burst = async (processes: TestApp[]) => {
      const answers = await Promise.all(
        Array.from({ length: 600 }, (_, n) => login(`nobody${n}`, 'wrong', { at: processes[n % processes.length] })),
      );
      return answers.reduce<Record<string, number>>((counts, { msg }) => {
        return { ...counts, [msg]: (counts[msg] ?? 0) + 1 };
      }, {});
    };

    // Of the hundred of the address ninety are used, because each takes a tenth of a second on a busy machine.
    beforeEach(() => fail('192.0.2.1', 90));

    test('in one process: as many as were left are told that they are wrong', async () => {
      expect(await burst([app])).toEqual({ [WRONG.msg]: 10, [TOO_MANY.msg]: 590 });
      expect(await app.dataSource.getRepository(FailedAttempt).count()).toBe(90 + 3 * 10);
    });

    test('in two processes: no more than were left, and at most one fewer', async () => {
      const { [WRONG.msg]: wrong = 0, [TOO_MANY.msg]: tooMany = 0 } = await burst([app, other]);
      expect([9, 10]).toContain(wrong);
      expect(wrong + tooMany).toBe(600);
      expect(await app.dataSource.getRepository(FailedAttempt).count()).toBe(90 + 3 * wrong);
    });
  });

  test('does not refuse an office whose people sign in rightly at once', async () => {
    await fail('192.0.2.1', 60);
    const people = await Promise.all(Array.from({ length: 50 }, () => buildUser(app.dataSource)));
    const answers = await Promise.all(
      people.map(({ username }, n) => login(username, 'password', { at: n % 2 ? app : other })),
    );
    expect(answers.map(({ code }) => code)).toEqual(people.map(() => 200));
    expect(await app.dataSource.getRepository(FailedAttempt).count()).toBe(60);
  });

  test('does not refuse devices that sign in to one account rightly at once', async () => {
    await fail(guesserOfPassword('demo', '192.0.2.1').allowances[0]!.subject, 95); // of a hundred
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => login('demo', 'demo-user', { from: `198.51.100.${n}` })),
    );
    expect(answers.map(({ msg }) => msg)).toEqual(answers.map(() => '登录成功'));
  });

  test('counts a guess before it is compared, and gives the right one back', async () => {
    const limiter = app.app.get(AttemptLimiter);
    const guesses = app.dataSource.getRepository(FailedAttempt);
    const during: number[] = [];
    const guess = (isRight: boolean) =>
      limiter.attempt(
        guesserOfPassword('demo', '192.0.2.1'),
        async () => ({ exhausted: 0 }),
        async () => {
          during.push(await guesses.count());
          return isRight;
        },
        { whenWrong: () => new WrongCredentials(), whenExhausted: () => new TooManyAttempts('密码') },
      );
    await guess(true);
    await expect(guess(false)).rejects.toThrow(WrongCredentials);
    await guess(true);
    expect(during).toEqual([3, 3, 6]);
    expect(await guesses.count()).toBe(3);
  });

  test('is forgotten after 15 minutes', async () => {
    await guess(9, 'demo');
    await app.dataSource.query('UPDATE failed_attempt SET failed_at = failed_at - 901');
    await guess(9, 'demo');
    expect((await login('demo', 'demo-user')).code).toBe(200);
    expect(await app.dataSource.getRepository(FailedAttempt).count()).toBe(27); // for the account, the address and both
  });

  test('at many accounts from one address ends after a hundred, and locks out no other address', async () => {
    const names = await Promise.all(Array.from({ length: 3 }, async () => (await buildUser(app.dataSource)).username));
    await fail('192.0.2.1', 97);
    for (const name of names) await guess(1, name);
    for (const at of [app, other]) expect(await login('demo', 'demo-user', { at })).toEqual(TOO_MANY);
    expect((await login('demo', 'demo-user', { from: '192.0.2.2' })).code).toBe(200);
  });

  test('is limited for text that a careless proxy passes on instead of an address', async () => {
    for (let n = 0; n < 10; n++) expect(await login('demo', `wrong${n}`, { from: 'y'.repeat(101 + n) })).toEqual(WRONG);
    expect(await login('demo', 'demo-user', { from: 'z'.repeat(300) })).toEqual(TOO_MANY);
  });

  test('opens no session for a password that is changed during the sign-in', async () => {
    const { userId, passwordHash } = (await app.row(User, { username: 'demo' }))!;
    const sessions = app.app.get(SessionStore);
    const before = { ...(await app.row(User, { userId }))! };
    expect(await sessions.open(before, '', '127.0.0.1')).toBeDefined();
    await app.dataSource.getRepository(User).update({ userId }, { passwordHash: `${passwordHash}x` });
    expect(await sessions.open(before, '', '127.0.0.1')).toBeUndefined();
    expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(1);
  });

  test("shares the limit of an address with guessing at customers' secrets", async () => {
    await fail('127.0.0.1', 99);
    const token = await app.login();
    const pair = { user_id: 998, customer_id: 1003 };
    expect(await call(app, 'user_customer/add', { ...pair, secret: 'nope' }, token)).toEqual(rejected('授权码错误'));
    const tooMany = rejected('授权码错误次数过多，请15分钟后重试');
    expect(await call(app, 'user_customer/add', { ...pair, secret: 'W2MX' }, token)).toEqual(tooMany);
  });
});
