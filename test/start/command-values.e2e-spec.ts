import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { accountCommand } from '../../src/auth/accounts.command';
import { User } from '../../src/auth/entities/user.entity';
import { enterpriseCommand } from '../../src/enterprise/enterprises.command';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { reasonOf } from '../../src/base/operator-error';
import type { InDatabase } from '../../src/database/connect';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { rightCommand } from '../../src/enterprise/rights.command';
import { auditCommand, pruneAuditCommand } from '../../src/audit/audit.command';
import { customerCommand } from '../../src/user-customer/customers/customers.command';
import { FREE_TEXTS } from '../../src/user-customer/customers/customer-query';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { applyCommand } from '../../src/setup/apply.command';
import { bindCommand } from '../../src/wechat-customers/bind.command';
import { WecomCorp } from '../../src/wecom/corps/corp.entity';
import { wecomCommand } from '../../src/wecom/wecom.command';
import { TestApp } from '../app';
import { CLI, runCli } from '../cli';

const NO_NUMBER = ['abc', '1.5', '1e3', '0x1', '١', '１', "''", "'1 '", '9'.repeat(16)];
const NO_NAME = ["''", "' '", "' a'", "'a '", "'a\tb'", "'a\nb'", "'\u3000a'"];
const NO_MOBILE = ['abc', "'138 '", "' 138'", "' '", '138a'];
const NO_EMAIL = ['nobody', "'a b@example.com'", "'a@example.com '", '@example.com', 'a@'];

/** The texts of a customer by the lengths of their columns. */
const LENGTHS: Record<(typeof FREE_TEXTS)[number], number> = {
  ...{ description: 1024, exp_id: 64, province: 64, city: 64, address: 255, phone: 64, contact: 255, mobile: 32 },
  ...{ email: 255, template: 65_535, script: 65_535, reference: 255 },
};

const each = (values: string[], reason: string): [string, string][] => values.map((value) => [value, reason]);

/** `…` in the command stands for the value of the parameter. */
const REFUSED: [command: string, parameter: string, values: [value: string, reason: string][]][] = [
  [
    'account add …',
    'username',
    [...each(NO_NAME, 'a name is not empty'), ['x'.repeat(65), 'user.username takes at most 64']],
  ],
  ['account add new --id=…', '--id', [...each([...NO_NUMBER, '-1'], 'a whole number is needed'), ['0', 'at least 1']]],
  [
    'account add new --email=…',
    '--email',
    [...each(NO_EMAIL, 'an e-mail address'), [`${'e'.repeat(250)}@x.com`, 'at most 255']],
  ],
  [
    'account add new --mobile=…',
    '--mobile',
    [...each(NO_MOBILE, 'a mobile number'), ['1'.repeat(33), 'user.mobile takes at most 32']],
  ],
  [
    'account change … --super',
    'username',
    each(['nobody', "'admin '", 'ADMIN', 'x'.repeat(65)], 'no account is called'),
  ],
  [
    'account change demo --email=…',
    '--email',
    [...each(NO_EMAIL, 'an e-mail address'), [`${'e'.repeat(250)}@x.com`, 'at most 255']],
  ],
  [
    'account change demo --mobile=…',
    '--mobile',
    [...each(NO_MOBILE, 'a mobile number'), ['1'.repeat(33), 'user.mobile takes at most 32']],
  ],
  ['account password …', 'username', each(['nobody', "'admin '", 'ADMIN', 'x'.repeat(65)], 'no account is called')],
  ['account end-sessions …', 'username', each(['nobody', "'admin '", 'ADMIN', "''"], 'no account is called')],
  [
    'enterprise add … name --uniacid 2',
    'id',
    [...each(NO_NUMBER, 'a whole number'), ['0', 'at least 1'], ['2147483648', 'enterprise.id takes']],
  ],
  [
    'enterprise add 77 … --uniacid 2',
    'name',
    [...each(NO_NAME, 'a name is not empty'), ['企'.repeat(256), 'enterprise.name takes at most 255']],
  ],
  [
    'enterprise add 77 name --uniacid=…',
    '--uniacid',
    [...each(NO_NUMBER, 'a whole number'), ['0', 'at least 1'], ['2147483648', 'enterprise.uniacid takes']],
  ],
  ['enterprise stop …', 'id', [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'there is no enterprise']]],
  ['enterprise start …', 'id', [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'there is no enterprise']]],
  ['right grant … 1', 'username', each(['nobody', "'admin '", 'ADMIN'], 'no account is called')],
  [
    'right grant demo …',
    'enterprise',
    [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'there is no enterprise']],
  ],
  ['right grant demo 1 --identity=…', '--identity', each(['boss', "''", '1', 'Manager'], 'Allowed choices are')],
  ['right revoke … 1', 'username', each(['nobody', "'admin '", 'ADMIN'], 'no account is called')],
  ['right revoke demo …', 'enterprise', [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'has no right']]],
  ['right unbind … 1', 'username', each(['nobody', "'admin '"], 'no account is called')],
  ['right unbind demo …', 'enterprise', [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'has no right']]],
  ['right bind … 1 SunXinJian', 'username', each(['nobody', "'admin '"], 'no account is called')],
  [
    'right bind demo … SunXinJian',
    'enterprise',
    [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'there is no']],
  ],
  ['right bind demo 1 …', 'userid', each(["''", "'SunXinJian '", 'sunxinjian', 'x'.repeat(65)], 'has no employee')],
  ['customer add … name', 'id', each(['abc', '1.5', "''", '9'.repeat(16), '9007199254740992'], 'customer_id ')],
  ['customer add 7001 …', 'name', each(["''", '客'.repeat(256)], 'customer_name ')],
  [
    'customer change … --city X',
    'id',
    [...each(['abc', "''", '9'.repeat(16)], 'customer_id '), ['9'.repeat(15), 'no such customer']],
  ],
  ['customer change 1001 --name=…', '--name', each(["''", '客'.repeat(256)], 'customer_name ')],
  [
    'customer delete …',
    'id',
    [...each(['abc', "''", '9'.repeat(16)], 'customer_id '), ['9'.repeat(15), 'no such customer']],
  ],
  ...FREE_TEXTS.flatMap((text): typeof REFUSED =>
    ['customer add 7001 name', 'customer change 1001'].map((command) => [
      `${command} --${text}=…`,
      `--${text}`,
      [['x'.repeat(LENGTHS[text] + 1), `${text} `]],
    ]),
  ),
  ...['set … --corp-id ww1', 'show …', 'remove …'].map((command): (typeof REFUSED)[number] => [
    `wecom credential ${command}`,
    'business_id',
    [...each(NO_NUMBER, 'a whole number'), ['9'.repeat(15), 'there is no enterprise']],
  ]),
  [
    'wecom credential set 1 --corp-id=…',
    '--corp-id',
    each(["''", "' '", "'ww1 '", 'ww/1', '企业', 'w'.repeat(65)], 'a corp id is needed'),
  ],
  [
    'wecom credential set 1 --corp-id ww1 --agent-id=…',
    '--agent-id',
    [...each([...NO_NUMBER, '-1'], 'a whole number is needed'), ['0', 'at least 1']],
  ],
  [
    'wecom sync …',
    'business_id',
    [...each([...NO_NUMBER, '-1'], 'a whole number is needed'), ['9'.repeat(15), 'there is no enterprise']],
  ],
  [
    'wecom events …',
    'business_id',
    [...each([...NO_NUMBER, '-1'], 'a whole number is needed'), ['9'.repeat(15), 'there is no enterprise']],
  ],
  [
    'wecom doctor …',
    'business_id',
    [...each([...NO_NUMBER, '-1'], 'a whole number is needed'), ['9'.repeat(15), 'there is no enterprise']],
  ],
  ['apply …', 'file', [...each(["''", 'none.yaml', "'/none/é.yaml'"], 'cannot be read (E'), ['src', 'src is no file']]],
  ['audit --kind=…', '--kind', each(['relations', 'RELATION', "''"], 'Allowed choices are')],
  [
    'audit --actor=…',
    '--actor',
    each([...NO_NUMBER, '-1', 'commands', 'boss'], 'a whole number is needed, or "command"'),
  ],
  ['audit --enterprise=…', '--enterprise', each([...NO_NUMBER, '-1'], 'a whole number')],
  ['audit --user=…', '--user', each([...NO_NUMBER, '-1'], 'a whole number')],
  ['audit --customer=…', '--customer', each([...NO_NUMBER, '-1'], 'a whole number')],
  ['audit --from=…', '--from', each(['soon', '2026-13-01', "''"], 'a day or a time')],
  ['audit --to=…', '--to', each(['soon', '2026-13-01', "''"], 'a day or a time')],
  ['prune-audit …', 'day', each(['soon', '2026-13-01', "''"], 'a day or a time')],
];

const commandsIn = (inDatabase: InDatabase) => [
  accountCommand(inDatabase),
  enterpriseCommand(inDatabase),
  rightCommand(inDatabase).addCommand(bindCommand(inDatabase)),
  customerCommand(inDatabase),
  applyCommand(inDatabase),
  auditCommand(inDatabase),
  pruneAuditCommand(inDatabase),
  wecomCommand(inDatabase),
];

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

/** Every value that a command takes, as `command parameter`. */
function parametersOf(command: Command, path = command.name()): string[] {
  const own = [
    ...command.registeredArguments.map((argument) => argument.name()),
    ...command.options.filter((option) => option.required || option.optional).map((option) => option.long!),
  ];
  return [
    ...own.map((name) => `${path} ${name}`),
    ...command.commands.flatMap((each) => parametersOf(each, `${path} ${each.name()}`)),
  ];
}

/** The words that name a command, with those of the commands that it belongs to. */
function nameIn(words: string[], commands: readonly Command[]): string {
  const command = commands.find((each) => each.name() === words[0]);
  return command ? [command.name(), nameIn(words.slice(1), command.commands)].join(' ').trim() : '';
}

describe('values that a command is given', () => {
  let app: TestApp;

  beforeAll(async () => {
    process.env.WECOM_CREDENTIAL_KEY = '0'.repeat(64);
    app = await TestApp.start();
  });

  afterAll(() => {
    delete process.env.WECOM_CREDENTIAL_KEY;
    return app.stop();
  });

  const run = (command: string, input = 'correct horse\n') => runCli(app.databaseUrl, command, input);

  /**
   * Runs a command as cli.ts does, but in this process, because a new one for each of 300 values would take minutes.
   * @returns why it was refused
   */
  async function refusalOf(words: string[]): Promise<string> {
    const { stdin } = process;
    Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from('correct horse\n')]) });
    try {
      const program = new Command().exitOverride();
      for (const command of commandsIn((work) => work(app.dataSource))) program.addCommand(command);
      everyCommand(program).forEach((command) => command.exitOverride().configureOutput({ writeErr: () => undefined }));
      await program.parseAsync(words, { from: 'user' });
      return 'not refused';
    } catch (error) {
      return error instanceof CommanderError ? error.message : reasonOf(error);
    } finally {
      Object.defineProperty(process, 'stdin', { value: stdin });
    }
  }

  const rows = () =>
    Promise.all(
      [User, Enterprise, EnterpriseRight, Customer, WecomCorp].map((entity) =>
        app.dataSource.getRepository(entity).find(),
      ),
    );

  test('are all in the table of what is refused', () => {
    const commands = commandsIn(() => Promise.reject(new Error('not run')));
    const tested = REFUSED.map(([command, parameter]) => `${nameIn(command.split(' '), commands)} ${parameter}`);
    const all = commands.flatMap((command) => parametersOf(command));
    expect(new Set(tested)).toEqual(new Set(all));
  });

  test.each(REFUSED)('%s: %s is refused in one line, and nothing changes', async (command, _parameter, values) => {
    const before = await rows();
    for (const [value, reason] of values) {
      const text = value.startsWith("'") ? value.slice(1, -1) : value;
      const refusal = await refusalOf(command.split(' ').map((word) => word.replace('…', text)));
      expect([value, refusal]).toEqual([value, expect.stringContaining(reason)]);
      expect(refusal.replace(text, '').trim()).not.toContain('\n');
    }
    expect(await rows()).toEqual(before);
  });

  test('are kept unchanged up to the ends of their columns', async () => {
    const name = '😀'.repeat(64);
    const email = `${'😀'.repeat(249)}@x.com`;
    const mobile = `+${'1'.repeat(31)}`;
    expect(await run(`account add ${name} --id 999999999999999 --email ${email} --mobile ${mobile}`)).toMatchObject({
      code: 0,
    });
    expect(await app.row(User, { userId: 999_999_999_999_999 })).toMatchObject({ username: name, email, mobile });
    expect(await run(`account change ${name} --email= --mobile=`)).toMatchObject({ code: 0 });
    expect(await app.row(User, { userId: 999_999_999_999_999 })).toMatchObject({ email: '', mobile: '' });

    const enterprise = { id: 2 ** 31 - 1, uniacid: 2 ** 31 - 1, name: '企'.repeat(255) };
    expect(
      await run(`enterprise add ${enterprise.id} ${enterprise.name} --uniacid ${enterprise.uniacid}`),
    ).toMatchObject({ code: 0 });
    expect(await app.row(Enterprise, { id: enterprise.id })).toMatchObject(enterprise);

    const texts = FREE_TEXTS.map((text) => [
      text,
      '客'.repeat(Math.floor(LENGTHS[text] / (LENGTHS[text] > 60_000 ? 3 : 1))),
    ]);
    const options = texts.map(([text, value]) => `--${text}=${value}`).join(' ');
    expect(await run(`customer add 9007199254740991 ${'客'.repeat(255)} ${options}`)).toMatchObject({ code: 0 });
    const { exp_id: expId, ...others } = Object.fromEntries(texts) as Record<string, string>;
    const stored = await app.row(Customer, { customerId: Number.MAX_SAFE_INTEGER });
    expect(stored).toMatchObject({ name: '客'.repeat(255), expId, ...others });
  });

  test('in another encoding are refused', async () => {
    const before = await rows();
    const env = { PATH: process.env.PATH, DATABASE_URL: app.databaseUrl };
    for (const command of [
      "enterprise add 77 $'\\xd6\\xd0' --uniacid 2",
      "customer change 1001 --city $'\\xd6\\xd0'",
    ]) {
      const script = `${process.execPath} ${CLI} ${command}`;
      const stderr = await new Promise((done) =>
        execFile('bash', ['--norc', '-c', script], { env }, (_error, _stdout, text) => done(text)),
      );
      expect(stderr).toBe('customer-hub: arguments must be UTF-8, nothing is changed\n');
    }
    expect(await rows()).toEqual(before);
  });
});
