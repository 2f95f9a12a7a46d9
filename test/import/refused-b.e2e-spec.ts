import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { TestApp } from '../app';
import { expectExactlyDerived } from '../derived-rows';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildTag } from '../factories';
import { fingerprint } from '../resilience/fingerprint';
import { startEmpty, TENANT } from './moved';
import { counts, Imports } from './rows';

const FOLLOW = { id: 501, userid: 'Anna', external_userid: 'wm1', createtime: 1_700_000_000, remark: '备注' };
const CONTACT = { id: 601, external_userid: 'wm1', name: '王小明', external_type: 1 };
const TAG = { id: 701, tag_id: 'et1', name: '标签' };
const EMPLOYEE = { id: 801, user_id: 'Anna', name: '安娜' };

/** Another enterprise of the same system. */
const OTHER = { uniacid: 2, enterpriseId: 77 };

describe('rows of family B that are refused', () => {
  let app: TestApp;
  let imports: Imports;

  beforeEach(async () => {
    ({ app } = await startEmpty());
    imports = new Imports(app.dataSource);
    await buildEnterprise(app.dataSource, { id: OTHER.enterpriseId, uniacid: OTHER.uniacid });
  });

  afterEach(async () => {
    imports.remove();
    await app.stop();
  });

  const follows = (...rows: object[]) => imports.rows('follows', rows, { tenant: TENANT });

  test.each([
    ['crop_id: of another enterprise', { crop_id: 77 }, 'is of another enterprise'],
    ['uniacid: of another one', { uniacid: 3 }, 'is of another enterprise'],
    ['userid: missing', { userid: undefined }, 'userid is missing'],
    ['external_userid: empty', { external_userid: '' }, 'external_userid is missing'],
    ['createtime: missing', { createtime: undefined }, 'createtime is missing'],
    ['createtime: a text', { createtime: '1e9' }, 'createtime must be a whole number'],
    ['createtime: negative', { createtime: -1 }, 'createtime must be a whole number'],
    ['status: unknown', { status: 0 }, 'status must be 1 or -1'],
    ['deleted_at: set', { deleted_at: '2024-01-01 00:00:00' }, 'deleted_at is set: deleted rows are not imported'],
    ['remark: too long', { remark: '备'.repeat(256) }, 'wechat_follow.remark takes at most 255 characters'],
    ['unknown field', { tags: [] }, 'unknown field "tags"'],
    ['contact: no object', { has_one_customer: 'wm1' }, 'has_one_customer must be an object or null'],
    ['contact: a list', { has_one_customer: [CONTACT] }, 'has_one_customer must be an object or null'],
    [
      'contact: of another follow',
      { has_one_customer: { ...CONTACT, external_userid: 'wm2' } },
      'has_one_customer.external_userid is another one',
    ],
    [
      'contact: of another enterprise',
      { has_one_customer: { ...CONTACT, crop_id: 77 } },
      'has_one_customer: is of another enterprise',
    ],
    [
      'contact: unreadable',
      { has_one_customer: { ...CONTACT, gender: 'f' } },
      'has_one_customer: gender must be a whole number',
    ],
    [
      'contact: in two ways',
      { has_one_customer: CONTACT, customer_name: '王小明' },
      'has_one_customer and customer_… as well',
    ],
  ])('a follow with %s', async (_name, fields, reason) => {
    const report = await follows({ ...FOLLOW, ...fields }, { ...FOLLOW, external_userid: 'wm9' });
    expect(counts(report)).toEqual({ new: 1, changed: 0, equal: 0, refused: 1 });
    expect(Object.keys(report.reasons)).toEqual([expect.stringContaining(reason)]);
    expect(await app.row(Follow, { externalUserid: 'wm1' })).toBeNull();
  });

  test('a follow or contact whose id is that of another row', async () => {
    const taken = await buildContact(app.dataSource, { ...OTHER, id: 601 });
    await buildFollow(app.dataSource, { ...OTHER, id: 501, contact: taken });
    const before = await fingerprint(app.dataSource);
    const report = await follows(FOLLOW, { ...FOLLOW, id: 502, external_userid: 'wm1', has_one_customer: CONTACT });
    expect(report).toMatchObject({ new: 0, refused: 2 });
    expect(await fingerprint(app.dataSource)).toEqual(before);
    const next = await follows(FOLLOW, {
      ...{ ...FOLLOW, id: 503, userid: 'Bob' },
      has_one_customer: CONTACT,
    });
    expect(next.reasons).toEqual({
      'id is that of another follow': 1,
      'the id of its contact is that of another one': 1,
    });
    const fitting = { ...FOLLOW, id: undefined, has_one_customer: { ...CONTACT, id: undefined } };
    expect(await follows(fitting)).toMatchObject({ new: 1, refused: 0 });
    await expectExactlyDerived(app.dataSource, TENANT);
    await expectExactlyDerived(app.dataSource, OTHER);
  });

  test('a tag or employee whose id is that of another row', async () => {
    await buildTag(app.dataSource, { ...OTHER, id: 701 });
    await buildEmployee(app.dataSource, { ...OTHER, id: 801 });
    const before = await fingerprint(app.dataSource);
    const tags = await imports.rows('tags', [TAG], { tenant: TENANT });
    expect(tags.reasons).toEqual({ 'id is that of another tag': 1 });
    const employees = await imports.rows('employees', [EMPLOYEE], { tenant: TENANT });
    expect(employees.reasons).toEqual({ 'id is that of another employee': 1 });
    expect(await fingerprint(app.dataSource)).toEqual(before);
    expect(await app.row(Tag, { tagId: 'et1' })).toBeNull();
  });

  test('an id that would use up the keys of the table', async () => {
    const reason = 'must be at most 2,000,000,000: leave it out to get a new one';
    const id = 2_000_000_001;
    const asked = { tenant: TENANT };
    const tags = await imports.rows(
      'tags',
      [
        { ...TAG, id },
        { ...TAG, tag_id: 'et2', id: id - 1 },
      ],
      asked,
    );
    expect(tags).toMatchObject({ new: 1, reasons: { [`id ${reason}`]: 1 } });
    const employees = await imports.rows('employees', [{ ...EMPLOYEE, id: 2_147_483_647 }], asked);
    expect(employees).toMatchObject({ new: 0, reasons: { [`id ${reason}`]: 1 } });
    const ofContact = { ...FOLLOW, id: 502, has_one_customer: { ...CONTACT, id } };
    expect(await follows({ ...FOLLOW, id }, ofContact, { ...FOLLOW, id: 503, customer_id: id })).toMatchObject({
      ...{ new: 0, refused: 3 },
      reasons: { [`id ${reason}`]: 1, [`has_one_customer: id ${reason}`]: 1, [`customer_id ${reason}`]: 1 },
    });
    expect(await app.row(Tag, { tagId: 'et2' })).toMatchObject({ id: id - 1 });
  });

  test('what contradicts a row before', async () => {
    const bob = { ...FOLLOW, id: 502, userid: 'Bob' };
    const report = await follows(
      { ...FOLLOW, has_one_customer: CONTACT },
      { ...bob, has_one_customer: { ...CONTACT, name: '别人' } },
      { ...bob, id: 501, has_one_customer: CONTACT },
      { ...FOLLOW, remark: '另一个', has_one_customer: CONTACT },
      { ...bob, external_userid: 'wm2', has_one_customer: { id: 601, name: '李' } },
      { ...bob, has_one_customer: CONTACT },
    );
    expect(counts(report)).toEqual({ new: 2, changed: 0, equal: 0, refused: 4 });
    const { reasons } = imports.refused(report);
    expect(reasons).toBe(
      [
        'line 2: its contact was given before with other values',
        'line 3: its id was given before',
        'line 4: was given before with other values',
        'line 5: its id was given before',
        '',
      ].join('\n'),
    );
    expect(await app.dataSource.manager.count(Contact)).toBe(1);
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('kinds of family B need an enterprise, and those of family A have none', async () => {
    await expect(imports.rows('tags', [TAG])).rejects.toThrow('tags are of an enterprise');
    await expect(imports.rows('customers', [{ customer_id: 1 }], { tenant: TENANT })).rejects.toThrow('no enterprise');
    const gone = { uniacid: 2, enterpriseId: 999 };
    await expect(imports.rows('tags', [TAG], { tenant: gone })).rejects.toThrow();
  });
});
