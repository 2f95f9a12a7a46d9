import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildUser } from '../factories';

test('demo: fills a database without accounts, and only such a one', async () => {
  const app = await TestApp.start({ demo: false });
  const { userId } = await buildUser(app.dataSource);
  expect(await runCli(app.databaseUrl, 'demo')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'customer-hub: demo data goes only into a database without accounts\n',
  });
  expect(await app.dataSource.manager.count(User)).toBe(1);
  await app.dataSource.manager.delete(User, { userId });
  expect(await runCli(app.databaseUrl, 'demo')).toMatchObject({ code: 0 });
  expect(await app.login()).toEqual(expect.any(String));
  await app.stop();
});
