import { dialectOf } from '../../src/database/dialect';
import { pageIds } from '../../src/wechat-customers/list/page-sql';
import { narrow, planOf } from '../../src/wechat-customers/list/plan';

describe('the SQL of a page', () => {
  const dialect = dialectOf({ options: { type: 'mariadb' } } as never);

  test('is valid when the last match was deleted after the total was counted', () => {
    const plan = planOf({ tags: {}, addWay: '77' }, 'side by side');
    const narrowed = narrow(plan, { occurring: { statuses: [], addWays: [] } });
    const { sql, values } = pageIds(dialect, { uniacid: 2, enterpriseId: 1 }, narrowed, 15, 0);
    expect(sql).not.toMatch(/IN \(\s*\)/);
    expect(values).toHaveLength(sql.split('?').length - 1);
  });
});
