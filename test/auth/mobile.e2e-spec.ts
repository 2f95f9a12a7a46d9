import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { buildUser } from '../factories';
import { call, rejected } from '../mix';

const WRONG = rejected('用户名或密码错误');
const TOO_MANY = rejected('密码错误次数过多，请15分钟后重试');

/** `system` APP signs in by mobile number as well (CONTRACT 1.2). */
describe('signing in by mobile number', () => {
  let app: TestApp;
  let other: TestApp;
  let lastMobile = 13_900_000_000;
  const newMobile = () => String(++lastMobile);

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    other = await app.second();
  });
  afterEach(() => app.dataSource.getRepository(FailedAttempt).clear());
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const login = (username: string, { password = 'password', system = 'APP', at = app } = {}) =>
    call(at, 'login', { username, password, system });
  const userIdOf = async (answer: Promise<any>) => (await answer).result.user_id;

  test('opens a session of the account that has it, by either name', async () => {
    const { userId, username, mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    expect(await userIdOf(login(mobile))).toBe(userId);
    expect(await userIdOf(login(username))).toBe(userId);
    expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(2);
  });

  test.each([undefined, '', 'app', 'App', 'APP ', 'MixPro', 'ADMIN'])('not with system %j', async (system) => {
    const { mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    expect(await call(app, 'login', { username: mobile, password: 'password', system })).toEqual(WRONG);
  });

  test('not if two accounts have it, nor if a closed one has', async () => {
    const mobile = newMobile();
    const { userId } = await buildUser(app.dataSource, { mobile });
    const second = await buildUser(app.dataSource, { mobile });
    expect(await login(mobile)).toEqual(WRONG);
    await app.dataSource.getRepository(User).update({ userId: second.userId }, { mobile: '' });
    expect(await userIdOf(login(mobile))).toBe(userId);
    await app.dataSource.getRepository(User).update({ userId }, { isAvailable: 0 });
    expect(await login(mobile)).toEqual(WRONG);
  });

  test("an account with the number and a blank after it is another's, on every engine", async () => {
    const mobile = newMobile();
    const { userId } = await buildUser(app.dataSource, { mobile });
    for (const other of [`${mobile} `, ` ${mobile}`]) await buildUser(app.dataSource, { mobile: other });
    expect(await userIdOf(login(mobile))).toBe(userId);
  });

  test('a user name wins over a mobile number', async () => {
    const mobile = newMobile();
    await buildUser(app.dataSource, { mobile, password: 'of the mobile' });
    const named = await buildUser(app.dataSource, { username: mobile });
    expect(await userIdOf(login(mobile))).toBe(named.userId);
    expect(await login(mobile, { password: 'of the mobile' })).toEqual(WRONG);
  });

  test('compares by bytes: no blank, part or other digits', async () => {
    const { mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    const fullWidth = mobile.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    for (const text of [`${mobile} `, ` ${mobile}`, mobile.slice(1), `+86${mobile}`, `${mobile}%`, fullWidth, ' ']) {
      expect(await login(text)).toEqual(WRONG);
    }
  });

  test('an unknown number answers as a wrong password does', async () => {
    const { mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    const answers = [await login(newMobile()), await login(mobile, { password: 'wrong' }), await login('nobody')];
    expect(answers).toEqual([WRONG, WRONG, WRONG]);
  });

  test('wrong guesses by name and by number are one budget, in every process', async () => {
    const { username, mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    for (let n = 0; n < 4; n++) expect(await login(mobile, { password: `wrong${n}` })).toEqual(WRONG);
    for (let n = 0; n < 3; n++) expect(await login(username, { password: `wrong${n}`, system: '' })).toEqual(WRONG);
    for (let n = 0; n < 3; n++) expect(await login(mobile, { password: `wrong${n}`, at: other })).toEqual(WRONG);
    for (const name of [mobile, username]) {
      expect(await login(name)).toEqual(TOO_MANY);
      expect(await login(name, { at: other })).toEqual(TOO_MANY);
    }
  });

  test('many at once by both tell at most ten that they are wrong', async () => {
    const { username, mobile } = await buildUser(app.dataSource, { mobile: newMobile() });
    const guesses = Array.from({ length: 30 }, (_, n) => login(n % 2 ? username : mobile, { password: `wrong${n}` }));
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ msg }) => msg === WRONG.msg)).toHaveLength(10);
    expect(answers.filter(({ msg }) => msg === TOO_MANY.msg)).toHaveLength(20);
  });
});
