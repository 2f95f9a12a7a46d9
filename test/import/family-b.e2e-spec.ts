import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Employee } from '../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { TestApp } from '../app';
import { derivedRows, expectExactlyDerived } from '../derived-rows';
import { buildEmployee, buildTag } from '../factories';
import { fingerprint } from '../resilience/fingerprint';
import { flat, listed, Original, pieces, readOriginal, startEmpty, TENANT } from './moved';
import { ACTOR, counts, Imports } from './rows';

describe('an enterprise that is moved', () => {
  let original: Original;
  let app: TestApp;
  let token: string;
  let imports: Imports;

  beforeAll(async () => {
    original = await readOriginal();
  });

  beforeEach(async () => {
    ({ app, token } = await startEmpty());
    imports = new Imports(app.dataSource);
  });

  afterEach(async () => {
    imports.remove();
    await app.stop();
  });

  const tables = async () => [await fingerprint(app.dataSource), await derivedRows(app.dataSource, TENANT)];

  const moveAll = async ({ tags, employees, follows }: Original, apply = true) => [
    await imports.rows('tags', tags, { tenant: TENANT, apply }),
    await imports.rows('employees', employees, { tenant: TENANT, apply }),
    await imports.rows('follows', follows, { tenant: TENANT, apply }),
  ];

  const sizes = () => [original.tags.length, original.employees.length, original.follows.length];

  test('answers byte for byte as it did, and a second time nothing is written', async () => {
    const first = await moveAll(original);
    expect(first.map(counts)).toEqual(sizes().map((rows) => ({ new: rows, changed: 0, equal: 0, refused: 0 })));
    expect(pieces(await listed(app, token))).toEqual(pieces(original.answer));
    const before = await tables();
    const second = await moveAll(original);
    expect(second.map(counts)).toEqual(sizes().map((rows) => ({ new: 0, changed: 0, equal: rows, refused: 0 })));
    expect(await tables()).toEqual(before);
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('and so when follows come first, as columns of a CSV file', async () => {
    const rows = original.follows.map(flat);
    const header = [...new Set(rows.flatMap(Object.keys))];
    const cell = (value: string | number | null) => `"${String(value ?? '').replaceAll('"', '""')}"`;
    const lines = [header, ...rows.map((row) => header.map((name) => row[name]))];
    const path = imports.write('follows.csv', lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join(''));
    expect(counts(await imports.file('follows', path, { tenant: TENANT }))).toMatchObject({ new: rows.length });
    await moveAll(original);
    expect(pieces(await listed(app, token))).toEqual(pieces(original.answer));
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('a dry run tells the same and changes no table', async () => {
    await imports.rows('follows', original.follows.slice(0, 3), { tenant: TENANT });
    const before = await tables();
    const dry = await moveAll(original, false);
    expect(await tables()).toEqual(before);
    expect(dry.map(counts)).toEqual((await moveAll(original)).map(counts));
  });

  test('what has changed there is changed here, with an entry of what it was', async () => {
    await moveAll(original);
    const [follow] = original.follows;
    const contact = { ...follow.has_one_customer, name: '改名', updated_at: '2024-05-06 07:08:09' };
    const changed = { ...follow, remark: '新备注', status: 1, lost_at: null, has_one_customer: contact };
    const tag = { ...original.tags[0], name: '新标签' };
    const employee = { ...original.employees[0], alias: '别名' };
    const reports = await moveAll({ ...original, tags: [tag], employees: [employee], follows: [changed] });
    expect(reports.map(counts)).toEqual(Array(3).fill({ new: 0, changed: 1, equal: 0, refused: 0 }));
    const { data, tag: tags } = JSON.parse(await listed(app, token)).data;
    expect(data.find(({ id }: any) => id === follow.id)).toMatchObject({ remark: '新备注', has_one_customer: contact });
    expect(tags.find(({ id }: any) => id === tag.id)).toEqual(tag);
    expect(await app.row(Employee, { id: employee.id })).toMatchObject({
      alias: '别名',
      updatedAt: employee.updated_at,
    });
    const entries = await app.dataSource.manager.find(AuditEntry, { order: { id: 'DESC' }, take: 3 });
    expect(entries.map(({ kind, action, actor, enterpriseId }) => [kind, action, actor, enterpriseId])).toEqual(
      ['follow', 'employee', 'tag'].map((kind) => [kind, 'edit', ACTOR.username, TENANT.enterpriseId]),
    );
    expect(JSON.parse(entries[0]!.changes)).toMatchObject({
      userid: follow.userid,
      remark: { old: follow.remark, new: '新备注' },
      status: { old: -1, new: 1 },
      customer_name: { old: follow.has_one_customer.name, new: '改名' },
    });
    expect(JSON.parse(entries[2]!.changes)).toMatchObject({ name: { old: original.tags[0].name, new: '新标签' } });
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('tags and employees that are not given stay; a deleted one comes back', async () => {
    const kept = await buildTag(app.dataSource, { ...TENANT, tagId: 'et-kept' });
    const [tag] = original.tags;
    await buildTag(app.dataSource, { ...TENANT, tagId: tag.tag_id, deletedAt: '2024-01-01 00:00:00' });
    const colleague = await buildEmployee(app.dataSource, { ...TENANT, userid: 'kept' });
    const [tags, employees] = await moveAll(original);
    expect(counts(tags!)).toEqual({ new: original.tags.length - 1, changed: 1, equal: 0, refused: 0 });
    expect(counts(employees!)).toMatchObject({ new: original.employees.length });
    expect(await app.row(Tag, { id: kept.id })).toEqual(kept);
    expect(await app.row(Employee, { id: colleague.id })).toEqual(colleague);
    expect(await app.row(Tag, { tagId: tag.tag_id })).toMatchObject({ deletedAt: null, name: tag.name });
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('rows of follows and contacts that are known keep our ids', async () => {
    const [follow] = original.follows;
    const ours = { ...follow, id: 900_001, has_one_customer: { ...follow.has_one_customer, id: 900_002 } };
    await imports.rows('follows', [ours], { tenant: TENANT });
    expect(counts(await imports.rows('follows', [follow], { tenant: TENANT }))).toMatchObject({ equal: 1 });
    expect(await app.row(Follow, { userid: follow.userid, externalUserid: follow.external_userid })).toMatchObject({
      id: 900_001,
      customerPk: 900_002,
    });
    expect(await app.dataSource.manager.count(Contact)).toBe(1);
  });
});
