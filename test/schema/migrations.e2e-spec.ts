import { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { migrate } from '../../src/schema/migrate';
import { migrations } from '../../src/schema/migrations';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { TestApp } from '../app';
import { createDatabase } from '../database';
import { fillFirstSchema, FOLLOWS, Row } from './first-schema';

/** A database filled by the first release, migrated up and down again. */
describe('from the first schema to the current one', () => {
  let app: TestApp;
  let token: string;
  /** The rows under the first schema. */
  let before: { follows: Row[]; links: Row[] };
  const steps: string[] = [];

  beforeAll(async () => {
    const database = await createDatabase();
    const options = dataSourceOptions(readEnv({ DATABASE_URL: database.url }));
    const old = await connect({ ...options, migrations: migrations.slice(0, 1) });
    await old.runMigrations();
    await fillFirstSchema(old);
    before = { follows: await follows(old), links: await links(old) };
    await old.destroy();
    await migrate(options, (step) => steps.push(step));
    app = await TestApp.start({ demo: false, database });
    token = await app.login('manager', 'password');
    await choose(1);
  });

  afterAll(() => app.stop());

  test('each step is reported, deriving search rows last', () => {
    const names = migrations.slice(1).map(({ name }) => name);
    expect(steps).toEqual([...names, 'search rows of 4 follows']);
  });

  const choose = (id: number) => app.send('/business/2/admin/manageBusiness', { token, json: { id } });

  const list = async (search: object) => {
    const { body } = await app.send('/business/2/plugin/WechatCustomers/getList', { token, json: { search } });
    expect(body.result).toBe(1);
    return body.data;
  };

  test.each<[what: string, search: object, found: number[]]>([
    ['no filter', {}, [3, 2, 1]],
    ['a tag', { tags_data: 'etBlue' }, [2, 1]],
    ["a tag with the name and id of another enterprise's", { tags_data: 'etGold' }, [1]],
    ['all of two tags', { tags_data: 'etGold,etBlue', tags_mode: 'all' }, [1]],
    ['all without a tag', { tags_data: 'etGold', tags_mode: 'exclude' }, [3, 2]],
    ['all without any tag', { tags_mode: 'none' }, [3]],
    ['a remark', { remark: '京' }, [3, 1]],
    ['a longer remark', { remark: '北京采' }, [1]],
    ['a literal remark', { remark: '0%' }, [3]],
    ["a contact's name", { customer: '小明' }, [1]],
    ["a contact's external_userid", { customer: 'wm2' }, [2]],
    ['a member', { member: 7 }, [2]],
    ['no member', { member: 0 }, [3, 1]],
    ['an employee', { employee_member: 'Anna' }, [3, 1]],
    ['an employee who has left', { employee_member: 'Bert' }, [2]],
    ['a status', { status: -1 }, [2]],
    ['a way of adding', { add_way_type: 9 }, [3]],
    ['a time', { time: [1_700_000_002, ''] }, [3, 2]],
  ])('%s: found and counted', async (_, search, found) => {
    const { total, data } = await list(search);
    expect(data.map(({ id }: Row) => id)).toEqual(found);
    expect(total).toBe(found.length);
  });

  test('rows show their tags and employees as before', async () => {
    const { data } = await list({});
    expect(data.map(({ tag_name }: Row) => tag_name)).toEqual(['', '蓝', '蓝,金']);
    expect(data.map((row: any) => row.has_one_employee?.id)).toEqual([21, undefined, 21]);
  });

  test('the other enterprise has its own follows', async () => {
    await choose(5);
    const { total, data } = await list({ tags_data: 'etGold', remark: '北京' });
    expect([total, data.map(({ id }: Row) => id)]).toEqual([1, [5]]);
    expect(data[0].has_one_employee.id).toBe(22);
    await choose(1);
  });

  test('the follows are unchanged', async () => {
    const columns = Object.keys(before.follows[0]!).filter((name) => name !== 'employee_pk');
    const now = await follows(app.dataSource);
    expect(now).toHaveLength(FOLLOWS.length);
    expect(now).toMatchObject(before.follows.map((row) => pick(row, columns)));
  });

  // Last, because the app no longer fits the tables.
  test('down again, follows and links are as they were', async () => {
    for (let n = migrations.length; n > 1; n--) await app.dataSource.undoLastMigration();
    expect({ follows: await follows(app.dataSource), links: await links(app.dataSource) }).toEqual(before);
  });
});

const follows = (dataSource: DataSource) => dataSource.query<Row[]>('SELECT * FROM wechat_follow ORDER BY id');

const links = (dataSource: DataSource) =>
  dataSource.query<Row[]>('SELECT tag_pk, follow_id FROM wechat_follow_tag ORDER BY tag_pk, follow_id');

const pick = (row: Row, columns: string[]): Row => Object.fromEntries(columns.map((name) => [name, row[name]]));
