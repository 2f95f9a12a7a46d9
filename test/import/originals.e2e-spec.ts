import { spawn } from 'node:child_process';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { Moving, PASSWORD } from '../compare/moved';
import { CLI } from '../cli';
import type { Fault } from '../originals/faults';
import { until } from '../until';

const ROWS = 1200; // three pages of relations, twelve of follows

/** All that passes, each at another page of the list. */
const PASSING: Omit<Fault, 'route'>[] = [
  { kind: { slowMs: 300 } },
  { kind: 'error 500' },
  { kind: 'html', after: 2 },
  { kind: 'reset', after: 4 },
  { kind: 'signed out', after: 5 },
  { kind: 'page before', after: 6 },
];

describe('import from a running original', () => {
  let moving: Moving;

  beforeEach(async () => (moving = await Moving.start(ROWS)));
  afterEach(() => moving.stop());

  const column = async (sql: string): Promise<unknown[]> =>
    (await moving.app.dataSource.query(sql)).map((row: any) => Number(row.id));
  const data = () => ({ ...moving.original.mix.data, ...moving.original.wechat.data });
  const relationIds = () => column('SELECT user_id * 1000000 + customer_id AS id FROM user_customer ORDER BY 1');
  const theirRelationIds = () =>
    moving.original.mix.data.relations.map((row) => row.user_id * 1_000_000 + row.customer_id).sort((a, b) => a - b);
  const followIds = () => column('SELECT id FROM wechat_follow ORDER BY id');
  const theirFollowIds = () =>
    data()
      .follows.map(({ id }) => id)
      .sort((a, b) => a - b);

  test('family A with every fault that passes, and rows that come meanwhile', async () => {
    const add = { first: () => void moving.original.mix.data.addRelation() };
    for (const fault of PASSING) moving.original.faults.add({ route: 'get_list', ...fault });
    moving.original.faults.add({ route: 'get_all_list', kind: 'signed out', after: 1 });
    const { code, stderr, reports } = await moving.import('mix');
    expect([code, reports.relations]).toMatchObject([0, { new: ROWS, refused: 0 }]);
    expect(await relationIds()).toEqual(theirRelationIds());
    expect(stderr).toContain('user_customer/get_list: HTTP 500, asking again');

    moving.original.faults.add({ route: 'get_list', kind: add, after: 1 });
    const later = await moving.import('mix');
    expect(later.reports.relations).toMatchObject({ new: 0, refused: 1 }); // its customer came after the customers
    expect(Object.values(later.reports.relations.reasons as object)).toEqual([1]);
    const last = await moving.import('mix');
    expect([last.reports.customers, last.reports.relations]).toMatchObject([{ new: 1 }, { new: 1, equal: ROWS }]);
    expect(await relationIds()).toEqual(theirRelationIds());
  });

  test('family B with every fault that passes, and customers that come meanwhile', async () => {
    for (const fault of PASSING) moving.original.faults.add({ route: 'getList', ...fault });
    const add = { first: () => void moving.original.wechat.data.addFollow() };
    moving.original.faults.add({ route: 'getList', kind: add, after: 50, times: 3 });
    const { code, reports } = await moving.import('wechat');
    expect([code, reports.follows]).toMatchObject([0, { new: ROWS + 3, refused: 0 }]);
    expect(await followIds()).toEqual(theirFollowIds());
  });

  test('a list that cannot be read whole is a failure; run again, it goes on', async () => {
    moving.original.faults.add({ route: 'get_list', kind: 'page before', after: 2, times: 1000 });
    const { code, stderr } = await moving.import('mix', '--apply', 'failed');
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringContaining('user_customer/get_list: tells of 1200 rows and gives'),
    ]);
    moving.original.faults.clear();
    const again = await moving.import('mix', '--apply', 'failed');
    expect([again.code, again.reports.relations]).toMatchObject([0, { resumed: true, refused: 0 }]);
    expect(await relationIds()).toEqual(theirRelationIds());
  });

  test('killed in the middle, it goes on where it was', async () => {
    moving.original.faults.add({ route: 'get_list', kind: { slowMs: 60_000 }, after: 2 });
    const child = spawn(process.execPath, [CLI, ...moving.importing('mix', '--apply', 'killed').split(' ')], {
      env: { PATH: process.env.PATH, DATABASE_URL: moving.app.databaseUrl },
    });
    child.stdin.end(PASSWORD);
    await until(async () => (await relationIds()).length === 1000);
    child.kill('SIGKILL');
    moving.original.faults.clear();
    const goOn = () => moving.import('mix', '--apply', 'killed');
    let again = await goOn();
    while (again.code === 1) {
      expect(again.stderr).toContain('under way in another process, or was killed less than 15 s ago');
      again = await goOn();
    }
    expect([again.code, again.reports.relations]).toMatchObject([0, { resumed: true, new: ROWS, refused: 0 }]);
    expect(await relationIds()).toEqual(theirRelationIds());
  });

  test('a dry run writes nothing', async () => {
    const { code, reports } = await moving.import('mix', '--dry-run');
    expect([code, reports.customers.new, reports.relations.new]).toEqual([0, data().customers.length, ROWS]);
    expect(await moving.app.dataSource.getRepository(Customer).count()).toBe(0);
  });

  test('fields that we have no place for are named once and left out', async () => {
    for (const customer of data().customers) Object.assign(customer, { corp_level: 3 });
    const { code, stderr, reports } = await moving.import('mix', '--dry-run');
    expect([code, reports.customers.refused]).toEqual([0, 0]);
    expect(stderr.match(/customers: the field "corp_level" is left out/g)).toHaveLength(1);
  });
});
