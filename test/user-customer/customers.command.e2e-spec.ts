import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildCustomer, buildUserCustomer } from '../factories';

/** `customer`: the rules of /api/customer at the command line. */
describe('customer', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start({ demo: false })));
  afterAll(() => app.stop());

  const run = (command: string, input?: string) => runCli(app.databaseUrl, `customer ${command}`, input);
  const failed = (reason: string) => ({ code: 1, stdout: '', stderr: `customer-hub: ${reason}\n` });
  const done = (line: string) => ({ code: 0, stdout: `${line}\n`, stderr: '' });
  const rowOf = (customerId: number) => app.row(Customer, { customerId });

  test('add creates a customer with the code from standard input', async () => {
    expect(await run('add 1001 示例 --city 广州市 --exp_id X', '5JHC\n')).toEqual(done('customer 1001 is created'));
    const row = await rowOf(1001);
    expect(row).toMatchObject({ name: '示例', secret: '5JHC', city: '广州市', expId: 'X', phone: '', template: null });
    expect(row!.created).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test('add leaves an existing customer as it is', async () => {
    const row = await buildCustomer(app.dataSource);
    const reason = 'this customer exists: `customer change` changes it';
    expect(await run(`add ${row.customerId} other`, 'CODE\n')).toEqual(failed(reason));
    expect(await rowOf(row.customerId)).toEqual(row);
  });

  test.each([
    ['add 12x name', 'CODE', 'customer_id 必须是数字'],
    ['add 1002 name', '', 'secret 不能为空'],
    ['add 1002 name', 'x'.repeat(65), 'secret 不能超过64个字符'],
    [`add 1002 ${'客'.repeat(256)}`, 'CODE', 'customer_name 不能超过255个字符'],
    [`add 1002 name --mobile ${'1'.repeat(33)}`, 'CODE', 'mobile 不能超过32个字符'],
  ])('%s is refused with the sentence of the route', async (command, code, reason) => {
    expect(await run(command, `${code}\n`)).toEqual(failed(reason));
    expect(await rowOf(1002)).toBeNull();
  });

  test('change changes what is given, and the code if asked to', async () => {
    const row = await buildCustomer(app.dataSource, { city: 'C', phone: '1' });
    const { customerId } = row;
    expect(await run(`change ${customerId} --name new --phone=`)).toEqual(done(`customer ${customerId} is changed`));
    expect(await rowOf(customerId)).toEqual({ ...row, name: 'new', phone: '' });
    expect(await run(`change ${customerId} --code`, 'N3W5\n')).toMatchObject({ code: 0 });
    expect(await rowOf(customerId)).toEqual({ ...row, name: 'new', phone: '', secret: 'N3W5' });
  });

  test('change refuses nothing, an empty name or code, and creates no customer', async () => {
    const row = await buildCustomer(app.dataSource);
    const { customerId } = row;
    expect(await run(`change ${customerId}`)).toEqual(failed('nothing to change'));
    expect(await run(`change ${customerId} --name=`)).toEqual(failed('customer_name 不能为空'));
    expect(await run(`change ${customerId} --code`, '\n')).toEqual(failed('secret 不能为空'));
    expect(await run('change 1003 --name typo')).toEqual(failed('there is no such customer'));
    expect([await rowOf(customerId), await rowOf(1003)]).toEqual([row, null]);
  });

  test('delete deletes a customer that nobody follows', async () => {
    const [free, followed] = [await buildCustomer(app.dataSource), await buildCustomer(app.dataSource)];
    await buildUserCustomer(app.dataSource, { customerId: followed.customerId });
    expect(await run(`delete ${free.customerId}`)).toEqual(done(`customer ${free.customerId} is deleted`));
    expect(await run(`delete ${free.customerId}`)).toEqual(failed('there is no such customer'));
    expect(await run(`delete ${followed.customerId}`)).toEqual(failed('users follow this customer, it stays'));
    expect([await rowOf(free.customerId), await rowOf(followed.customerId)]).toEqual([null, followed]);
  });

  test('list shows all of them without their codes', async () => {
    const { customerId, name } = await buildCustomer(app.dataSource, { secret: 'SeCrEt-42' });
    const { code, stdout } = await run('list');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${customerId}`)]);
    expect(stdout).toContain(name);
    expect(stdout).not.toContain('SeCrEt');
  });

  test('the command of earlier versions, without a verb, does nothing', async () => {
    const { code, stderr } = await run('1004 --name x', 'CODE\n');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/unknown (command|option)/)]);
    expect(await rowOf(1004)).toBeNull();
  });
});
