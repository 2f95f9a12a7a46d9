import { createHash } from 'node:crypto';
import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUserCustomer } from '../factories';
import { call } from '../mix';
import { exported } from './exported';

/** Bytes of JSON that a value may have to be held whole (`bounded-text.ts`). */
const WHOLE = 1024;
/** The most that a change of a relation may take: the old and new values of three fields, and their names. */
const MOST_OF_RELATION = 6 * (WHOLE + 40);

const long = (text: string) => ({
  beginning: [...text].slice(0, 100).join(''),
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

/** Texts of nearly 64 KB, each of characters that are costly in another way: in UTF-8, in JSON or for SQLite. */
const TEXTS: [what: string, text: string][] = [
  ['Latin', 'x'.repeat(65_000)],
  ['Chinese', '客'.repeat(21_000)],
  ['emojis after a letter', `a${'😀'.repeat(16_000)}`],
  ['quotes', '"\\'.repeat(32_000)],
  ['control characters', '\u0001'.repeat(65_000)],
  ['NUL', `a\0${'b'.repeat(60_000)}`],
];

describe('the growth of the audit log', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterEach(() => app.dataSource.getRepository(AuditEntry).clear());
  afterAll(() => app.stop());

  const succeed = async (route: string, json: object) => expect((await call(app, route, json, token)).code).toBe(200);
  const largest = async () => {
    const rows = await app.dataSource.getRepository(AuditEntry).find();
    return Math.max(...rows.map(({ changes }) => Buffer.byteLength(changes)));
  };

  test.each(TEXTS)(
    'a long text of %s is noted by its beginning, size and digest, with every change',
    async (_, text) => {
      const { customerId: customer_id, secret } = await buildCustomer(app.dataSource);
      const pair = { user_id: 998, customer_id };
      const other = `z${text.slice(1)}`;
      await succeed('user_customer/add', {
        ...pair,
        secret,
        template: text,
        script: text,
        reference: '客'.repeat(255),
      });
      await succeed('user_customer/edit', { ...pair, template: other, script: other, reference: '户'.repeat(255) });
      await succeed('user_customer/delete', pair);
      const of = { customer: customer_id, kind: 'relation' } as const;
      expect((await exported(app, of)).map(({ changes: { template, script } }) => [template, script])).toEqual(
        [
          { old: null, new: long(text) },
          { old: long(text), new: long(other) },
          { old: long(other), new: null },
        ].map((change) => [change, change]),
      );
      expect(await largest()).toBeLessThanOrEqual(MOST_OF_RELATION);
    },
  );

  test('a text is held whole up to 1024 bytes of JSON, the same with every change', async () => {
    for (const text of ['', 'x'.repeat(1022), '客'.repeat(340), `\0${'y'.repeat(1000)}\0`, '"'.repeat(511)]) {
      const { customerId } = await buildUserCustomer(app.dataSource, { userId: 998, template: 'before' });
      const pair = { user_id: 998, customer_id: customerId };
      await succeed('user_customer/edit', { ...pair, template: text });
      await succeed('user_customer/delete', pair);
      const [edit, remove] = await exported(app, { customer: customerId });
      expect([edit.changes.template.new, remove.changes.template.old]).toEqual([text || null, text || null]);
    }
    const { customerId } = await buildUserCustomer(app.dataSource, { userId: 998, template: 'x'.repeat(1023) });
    await succeed('user_customer/delete', { user_id: 998, customer_id: customerId });
    const [remove] = await exported(app, { customer: customerId });
    expect(remove.changes.template.old).toEqual(long('x'.repeat(1023)));
  });

  test('a customer whose every text is as long as it may be takes at most 32 KB', async () => {
    const texts = (character: string) => ({
      customer_name: character.repeat(255),
      description: character.repeat(1024),
      ...Object.fromEntries(['exp_id', 'province', 'city', 'phone'].map((name) => [name, character.repeat(64)])),
      ...Object.fromEntries(['address', 'contact', 'email', 'reference'].map((name) => [name, character.repeat(255)])),
      mobile: character.repeat(32),
      template: character.repeat(16_000),
      script: character.repeat(16_000),
    });
    const { customerId: customer_id } = await buildCustomer(app.dataSource);
    for (const character of ['\u0001', '😀', '\u0002']) {
      await succeed('customer/edit', { customer_id, ...texts(character) });
    }
    expect(await exported(app, { kind: 'customer' })).toHaveLength(3);
    expect(await largest()).toBeLessThan(32_768);
  });
});
