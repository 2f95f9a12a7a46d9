import { UserCustomerAudit } from '../../src/audit/user-customer-audit.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUserCustomer } from '../factories';
import { exported as exportedFrom } from './exported';

const CUSTOMER = 7001;

describe('the audit log of relations', () => {
  let app: TestApp;
  let token: string;

  beforeEach(async () => {
    app = await TestApp.start();
    token = await app.login();
    await buildCustomer(app.dataSource, { customerId: CUSTOMER, secret: 'ABCD' });
  });

  afterEach(() => app.stop());

  const send = async (operation: string, values: object) =>
    (
      await app.send(`/api/user_customer/${operation}`, {
        json: { user_id: 998, customer_id: CUSTOMER, ...values },
        token,
      })
    ).body.code;

  const exported = (filter = {}) => exportedFrom(app, { kind: 'relation', ...filter });

  test('records who changed what and when, with old and new values', async () => {
    expect(await send('add', { secret: 'ABCD', template: '<b>😀</b>', reference: 'R1' })).toBe(200);
    expect(await send('edit', { template: '', reference: 'R2' })).toBe(200);
    expect(await send('edit', { script: 'let x' })).toBe(200);
    expect(await send('delete', {})).toBe(200);

    const lines = await exported({ customer: CUSTOMER });
    const key = { actor_id: 1000, user_id: 998, customer_id: CUSTOMER, kind: 'relation', actor: 'admin' };
    expect(lines).toMatchObject([
      {
        ...key,
        action: 'add',
        changes: {
          template: { old: null, new: '<b>😀</b>' },
          script: { old: null, new: null },
          reference: { old: null, new: 'R1' },
        },
      },
      {
        ...key,
        action: 'edit',
        changes: { template: { old: '<b>😀</b>', new: null }, reference: { old: 'R1', new: 'R2' } },
      },
      { ...key, action: 'edit', changes: { script: { old: null, new: 'let x' } } },
      {
        ...key,
        action: 'delete',
        changes: {
          template: { old: null, new: null },
          script: { old: 'let x', new: null },
          reference: { old: 'R2', new: null },
        },
      },
    ]);
    for (const { at } of lines) expect(at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test('has a line for every deleted relation of a multi_delete, and none for customers not followed', async () => {
    for (const customerId of [7101, 7102])
      await buildUserCustomer(app.dataSource, { customerId, script: `s${customerId}` });
    const json = { user_id: 998, customer_id: [7101, 7102, 7103] };
    expect((await app.send('/api/user_customer/multi_delete', { json, token })).body.code).toBe(200);
    const lines = await exported();
    expect(lines.map(({ action, customer_id, changes }) => [action, customer_id, changes.script.old])).toEqual([
      ['delete', 7101, 's7101'],
      ['delete', 7102, 's7102'],
    ]);
  });

  test('has no line for a request that was refused or changed nothing', async () => {
    expect(await send('edit', { reference: 'x' })).toBe(500);
    expect(await send('delete', {})).toBe(500);
    expect(await send('add', { secret: 'WRONG' })).toBe(500);
    expect(await send('add', { secret: 'ABCD' })).toBe(200);
    expect(await send('add', { secret: 'ABCD' })).toBe(500);
    expect(await send('edit', {})).toBe(200);
    expect((await exported()).map(({ action }) => action)).toEqual(['add']);
  });

  test('is written in the transaction of the change: neither is made without the other', async () => {
    await send('add', { secret: 'ABCD', reference: 'before' });
    await app.dataSource.query('DROP TABLE audit_entry');
    const relation = () => app.row(UserCustomer, { userId: 998, customerId: CUSTOMER });
    expect(await send('edit', { reference: 'after' })).toBe(500);
    expect((await relation())?.reference).toBe('before');
    expect(await send('delete', {})).toBe(500);
    expect(await relation()).not.toBeNull();
    await buildCustomer(app.dataSource, { customerId: 7002, secret: 'ABCD' });
    expect(await send('add', { customer_id: 7002, secret: 'ABCD' })).toBe(500);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 7002 })).toBeNull();
  });

  test('omits fields that an edit names but does not change', async () => {
    expect(await send('add', { secret: 'ABCD', reference: 'R1' })).toBe(200);
    expect(await send('edit', { reference: 'R1', script: 's' })).toBe(200);
    expect(await send('edit', { reference: 'R1', script: 's' })).toBe(200);
    const [, edit, ...more] = await exported();
    expect([edit.changes, more]).toEqual([{ script: { old: null, new: 's' } }, []]);
  });

  test('misses no change of many at once', async () => {
    const busy = await app.second();
    const pair = { user_id: 998, customer_id: CUSTOMER };
    const ask = async (operation: string, values: object = {}) =>
      (await busy.send(`/api/user_customer/${operation}`, { json: { ...pair, ...values }, token })).body.code === 200;
    const done = { add: 0, edit: 0, delete: 0 };
    for (let round = 0; round < 15; round++) {
      const work = Array.from({ length: 4 }, (_, n) => [
        ask('add', { secret: 'ABCD' }).then((ok) => (done.add += Number(ok))),
        ask('edit', { reference: `${round}-${n}` }).then((ok) => (done.edit += Number(ok))),
        ask('delete').then((ok) => (done.delete += Number(ok))),
      ]);
      await Promise.all(work.flat());
    }
    await busy.stop();
    const noted = { add: 0, edit: 0, delete: 0 };
    for (const { action } of await exported()) noted[action as keyof typeof noted]++;
    expect(noted).toEqual(done);
  });

  test('keeps a line for each of several parallel edits, each starting from the value another left', async () => {
    await send('add', { secret: 'ABCD', reference: '0' });
    await Promise.all(Array.from({ length: 20 }, (_, n) => send('edit', { reference: String(n + 1) })));
    const edits = (await exported()).filter(({ action }) => action === 'edit').map(({ changes }) => changes.reference);
    expect(edits).toHaveLength(20);
    expect(edits.map(({ old }) => old)).toEqual(['0', ...edits.slice(0, -1).map((edit) => edit.new)]);
  });

  test('of 0.3.0 and before is exported by user, customer and time, in several reads', async () => {
    const row = { actorId: 1000, action: 'add', fields: 'reference', oldReference: null };
    const rows = Array.from({ length: 250 }, (_, n) => ({
      ...row,
      userId: 998,
      customerId: n,
      at: `2024-01-${String(1 + (n % 30)).padStart(2, '0')} 12:00:00`,
      newReference: `r${n}`,
    }));
    await app.dataSource.getRepository(UserCustomerAudit).insert(rows);
    expect(await exported()).toHaveLength(250);
    expect(await exported({ customer: 7 })).toHaveLength(1);
    expect(await exported({ user: 1 })).toHaveLength(0);
    expect(await exported({ from: '2024-01-30 00:00:00' })).toHaveLength(8);
    expect(await exported({ from: '2024-01-01 12:00:00', to: '2024-01-01 12:00:00' })).toHaveLength(9);
    expect(await exported({ from: '2024-01-01 12:00:01', to: '2024-01-01 23:59:59' })).toHaveLength(0);
    expect(await exported({ actor: 1000 })).toHaveLength(250);
    for (const filter of [{ actor: 1 }, { actor: 'command' }, { kind: 'account' }, { enterprise: 1 }]) {
      expect(await exported(filter)).toHaveLength(0);
    }
  });

  test('of 0.3.0 reads as it did, among the entries since by time', async () => {
    expect(await send('add', { secret: 'ABCD', reference: 'R1' })).toBe(200);
    const [added] = await exported();
    await app.dataSource.query("UPDATE audit_entry SET at = '2024-01-02 00:00:00'");
    // What a process of 0.3.0, which serves beside this one during an upgrade, sends.
    const of030 = (at: string, reference: string) =>
      app.dataSource.query(
        `INSERT INTO user_customer_audit (at, actor_id, action, user_id, customer_id, fields,
           old_template, new_template, old_script, new_script, old_reference, new_reference)
         SELECT ?, ?, ?, user_id, customer_id, ?, NULL, NULL, NULL, NULL, reference, ?
         FROM user_customer WHERE user_id = ? AND customer_id IN (?)`,
        [at, 1000, 'edit', 'reference', reference, 998, CUSTOMER],
      );
    await of030('2024-01-03 00:00:00', 'after');
    await of030('2024-01-03 00:00:01', 'later');
    await app.dataSource.query(
      "UPDATE user_customer_audit SET at = '2024-01-01 00:00:00' WHERE new_reference = 'after'",
    );
    const lines = await exported();
    expect(JSON.stringify(lines[0])).toBe(
      `{"id":1,"at":"2024-01-01 00:00:00","actor_id":1000,"action":"edit","user_id":998,"customer_id":${CUSTOMER},` +
        '"changes":{"reference":{"old":"R1","new":"after"}},"kind":"relation"}',
    );
    expect(JSON.stringify(lines[1])).toBe(
      `{"id":${added.id},"at":"2024-01-02 00:00:00","actor_id":1000,"action":"add","user_id":998,"customer_id":${CUSTOMER},` +
        '"changes":{"template":{"old":null,"new":null},"script":{"old":null,"new":null},"reference":{"old":null,"new":"R1"}},' +
        '"kind":"relation","actor":"admin"}',
    );
    expect(lines.slice(2).map(({ changes }) => changes.reference.new)).toEqual(['later']);
  });
});
