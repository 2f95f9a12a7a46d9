import { TestApp } from '../app';
import { buildContact, buildEmployee, buildFollow, buildTag } from '../factories';
import { expectSame, pageOf, TENANT } from './by-relations';

const DELETED = '2024-01-02 03:04:05';

/** Also of 100,000 follows: plans.e2e-spec.ts. */
describe('rows of getList are the follows with their relations', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(TENANT.enterpriseId);
  });

  afterAll(() => app.stop());

  test.each([1, 2, 3, 4])('the golden page and all that follow it: page %i', async (page) => {
    expect(await expectSame(app, token, {}, page, 15)).toBe(45);
  });

  test('a deleted contact, employee or tag is not shown', async () => {
    const deleted = { ...TENANT, deletedAt: DELETED };
    const [gone, kept] = [await buildTag(app.dataSource, deleted), await buildTag(app.dataSource, TENANT)];
    const contact = await buildContact(app.dataSource, deleted);
    const employee = await buildEmployee(app.dataSource, deleted);
    const { id } = await buildFollow(app.dataSource, { ...TENANT, contact, employee, tags: [gone, kept] });
    await buildFollow(app.dataSource, { ...deleted });
    const [row] = (await pageOf(app, {}, 1, 1)).data;
    expect(row).toMatchObject({ id, has_one_customer: null, has_one_employee: null, tag_name: kept.name });
    expect(await expectSame(app, token, {}, 1, 15)).toBe(46);
  });
});
