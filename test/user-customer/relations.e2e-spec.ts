import { User } from '../../src/auth/entities/user.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';

const relations = { user: true, customer: true };

/** The columns of the key are also those of the relations: reading and writing by either is the same row. */
describe('a user_customer with its user and its customer', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.stop());

  const rows = () => app.dataSource.getRepository(UserCustomer);

  test('is read with both, by its columns and by theirs', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    const { customerId, name } = await buildCustomer(app.dataSource);
    await buildUserCustomer(app.dataSource, { userId, customerId });
    for (const where of [{ userId, customerId }, { user: { username } }, { customer: { name }, userId }]) {
      const found = await rows().find({ where, relations });
      expect(found).toMatchObject([{ userId, customerId, user: { userId, username }, customer: { customerId, name } }]);
    }
  });

  test('stays when they are gone', async () => {
    const { userId } = await buildUser(app.dataSource);
    const { customerId } = await buildCustomer(app.dataSource);
    await buildUserCustomer(app.dataSource, { userId, customerId });
    await app.dataSource.manager.delete(User, { userId });
    await app.dataSource.manager.delete(Customer, { customerId });
    const found = await rows().find({ where: { userId }, relations });
    expect(found).toMatchObject([{ userId, customerId, user: null, customer: null }]);
  });

  test('is written by its columns', async () => {
    const key = { userId: 998, customerId: 77_001 };
    await rows().insert({ ...key, reference: 'a' });
    await rows().upsert({ ...key, reference: 'b' }, ['userId', 'customerId']);
    expect(await app.row(UserCustomer, key)).toMatchObject({ ...key, reference: 'b' });
    await rows().update(key, { reference: 'c' });
    expect(await app.row(UserCustomer, { ...key, reference: 'c' })).not.toBeNull();
    await rows().delete(key);
    expect(await app.row(UserCustomer, key)).toBeNull();
  });
});
