import { operator } from '../../src/audit/operator';
import { addAccount } from '../../src/auth/accounts';
import { User } from '../../src/auth/entities/user.entity';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { setupBy } from '../../src/setup/apply';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildEnterprise } from '../factories';
import { Files } from './files';

const ENVIRONMENT = { PW: 'correct horse', SHORT: 'short', CODE: '5JHC', EMPTY: '', LONG: 'x'.repeat(65) };

const account = (rest: string) => `accounts: [{ username: a, password: { env: PW } }, { ${rest} }]`;
const enterprise = (rest: string) => `enterprises: [{ ${rest} }]`;
const right = (rest: string) => `rights: [{ ${rest} }]`;
const customer = (rest: string) => `customers: [{ customer_id: 1, name: c, secret: { env: CODE }, ${rest} }]`;
const key = 'password: { env: PW }';

/** What a file says, and how it is refused after the file's name. */
const FAULTS: [content: string | Buffer, fault: string][] = [
  ['', 'must have keys with values'],
  ['- a', 'must have keys with values'],
  ['accounts: 1', 'accounts: must be a list'],
  ['accounts:', 'accounts: must be a list'],
  ['users: []', 'users: is no key that is known here'],
  ['accounts: []\naccounts: []', 'line 2: Map keys must be unique'],
  ['accounts: [', 'line 1: '],
  ['a: 1\n---\nb: 2', 'line '],
  ['accounts: !!js/function x', 'line 1: '],
  ['accounts: *secret', 'has an alias without anchor'],
  ['%YAML 1.1\n---\naccounts: [{ username: no, super: no }]', 'accounts[0].username: must be text'],
  [
    'a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]',
    'has an alias without anchor, or too many aliases',
  ],
  [`accounts: ${'['.repeat(100_000)}`, 'is nested more than 32 deep'],
  [
    'accounts: [{ username: a, password: { env: constructor } }]',
    'accounts[0].password: constructor of the environment is missing or empty',
  ],
  ['- '.repeat(300_000), 'is nested more than 32 deep'],
  ['{ __proto__: { accounts: [] } }', '__proto__: is no key that is known here'],
  [Buffer.from([0x61, 0x3a, 0xd6, 0xd0]), 'must be UTF-8'],
  [`accounts: [] #${'x'.repeat(1024 * 1024)}`, 'is longer than 1048576 bytes'],

  [account(`usrname: b, ${key}`), 'accounts[1].username: is missing'],
  [account(`username: b, usrname: b, ${key}`), 'accounts[1].usrname: is no key that is known here'],
  [account(`username: 1001, ${key}`), 'accounts[1].username: must be text'],
  [account(`username: true, ${key}`), 'accounts[1].username: must be text'],
  [account(`username: " b", ${key}`), 'accounts[1].username: a name is not empty'],
  [account(`username: "", ${key}`), 'accounts[1].username: a name is not empty'],
  [account(`username: ${'n'.repeat(65)}, ${key}`), 'accounts[1]: user.username takes at most 64 characters'],
  [account(`username: a, ${key}`), 'accounts[1]: a is here twice'],
  [account(`username: b, super: no, ${key}`), 'accounts[1].super: must be true or false'],
  [account(`username: b, open: 1, ${key}`), 'accounts[1].open: must be true or false'],
  [account(`username: b, mobile: 13800001000, ${key}`), 'accounts[1].mobile: must be text'],
  [account(`username: b, mobile: abc, ${key}`), 'accounts[1].mobile: a mobile number is needed'],
  [account(`username: b, email: abc, ${key}`), 'accounts[1].email: an e-mail address is needed'],
  [account(`username: b, id: 0, ${key}`), 'accounts[1].id: must be 1 or more'],
  [account(`username: b, id: 1.5, ${key}`), 'accounts[1].id: must be a whole number'],
  [account(`username: b, id: "5", ${key}`), 'accounts[1].id: must be a whole number'],
  [account(`username: b, id: 77, ${key}`), 'accounts[1].id: is another account’s'],
  [account(`username: stored, id: 78`), 'accounts[1].id: is not that of stored, which is 77'],
  ['accounts: [{username: b, id: 5}, {username: c, id: 5}]', 'accounts[1].id: is another account’s, too'],
  [account('username: b'), 'accounts[1].password: is missing: the account is new'],
  [account('username: b, reset_password: true'), 'accounts[1].password: is missing, which reset_password needs'],
  [account('username: b, password: hunter2'), 'accounts[1].password: must be { env: NAME } or { stdin: line }'],
  [account('username: b, password: { file: x }'), 'accounts[1].password.file: must be { env: NAME }'],
  [account('username: b, password: { env: PW, stdin: 1 }'), 'accounts[1].password: must name either env or stdin'],
  [account('username: b, password: {}'), 'accounts[1].password: must name either env or stdin'],
  [
    account('username: b, password: { env: NONE }'),
    'accounts[1].password: NONE of the environment is missing or empty',
  ],
  [account('username: b, password: { env: EMPTY }'), 'accounts[1].password: EMPTY of the environment is missing'],
  [account('username: b, password: { env: SHORT }'), 'accounts[1].password: a password has at least 8 characters'],

  [enterprise('id: 1, uniacid: 2'), 'enterprises[0].name: is missing'],
  [enterprise('id: 1, name: x'), 'enterprises[0].uniacid: is missing'],
  [enterprise('id: 2147483648, uniacid: 2, name: x'), 'enterprises[0]: enterprise.id takes whole numbers'],
  [enterprise('id: 50, uniacid: 3, name: x'), 'enterprises[0].uniacid: is not that of enterprise 50, which stays 2'],
  ['enterprises: [{id: 1, uniacid: 2, name: x}, {id: 1, uniacid: 2, name: y}]', 'enterprises[1]: 1 is here twice'],

  [right('username: stored, business_id: 50'), 'rights[0].identity: must be staff, manager'],
  [right('username: stored, business_id: 50, identity: boss'), 'rights[0].identity: must be staff, manager'],
  [right('username: nobody, business_id: 50, identity: staff'), 'rights[0].username: no account is called nobody'],
  [right('username: stored, business_id: 51, identity: staff'), 'rights[0].business_id: there is no enterprise 51'],
  [
    right('username: stored, business_id: 50, identity: staff, employee: Anna'),
    'rights[0].employee: enterprise 50 has no employee Anna',
  ],

  [customer('customer_name: x'), 'customers[0].customer_name: is no key that is known here'],
  [customer('city: 5'), 'customers[0].city: must be text'],
  [customer(`city: ${'x'.repeat(65)}`), 'customers[0]: city 不能超过64个字符'],
  ['customers: [{ customer_id: 1, name: "", secret: { env: CODE } }]', 'customers[0]: customer_name 不能为空'],
  ['customers: [{ customer_id: 1, name: x, secret: { env: LONG } }]', 'customers[0]: secret 不能超过64个字符'],
  ['customers: [{ customer_id: 1, name: x }]', 'customers[0].secret: is missing: the customer is new'],
  ['customers: [{ customer_id: 60, name: x, secret: { env: LONG } }]', 'customers[0]: secret 不能超过64个字符'],
];

describe('apply', () => {
  let app: TestApp;
  const files = new Files();

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    await addAccount(app.dataSource, 'stored', 'correct horse', { id: 77 }, operator());
    await buildEnterprise(app.dataSource, { id: 50 });
    await buildCustomer(app.dataSource, { customerId: 60 });
  });
  afterAll(async () => {
    files.remove();
    await app.stop();
  });

  const apply = async (file: string) => (await setupBy(file, ENVIRONMENT))(app.dataSource, false);
  const rows = () =>
    Promise.all(
      [User, Enterprise, EnterpriseRight, Customer].map((entity) => app.dataSource.getRepository(entity).find()),
    );

  test.each(FAULTS)('refuses %j in one line with its place, and changes nothing', async (content, fault) => {
    const before = await rows();
    const file = files.write('setup.yaml', content);
    const refusal = await apply(file).then(
      () => 'applied',
      (error: Error) => error.message,
    );
    expect(refusal.replace(`${file}: `, '').replace(`${file} `, '')).toMatch(
      new RegExp(`^${fault.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
    );
    expect(refusal).toMatch(/^\S+setup\.yaml[: ].*$/);
    expect(refusal).not.toMatch(/hunter2|short$|x{65}/);
    expect(await rows()).toEqual(before);
  });

  test('refuses a file that is not there', async () => {
    await expect(apply(files.path('none.yaml'))).rejects.toThrow('none.yaml cannot be read (ENOENT)');
    await expect(apply('/dev/null')).rejects.toThrow('/dev/null is no file');
  });

  test('takes a byte order mark, YAML’s `no` as a text, and anchors', async () => {
    const said =
      '\ufeffaccounts:\n  - { username: no, password: &p { env: PW } }\n  - { username: on, password: *p }\n';
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await apply(files.write('bom.yaml', said));
    log.mockRestore();
    expect(await app.row(User, { username: 'no' })).not.toBeNull();
    expect(await app.row(User, { username: 'on' })).not.toBeNull();
  });
});
