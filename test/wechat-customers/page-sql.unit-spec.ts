import { dialectOf } from '../../src/database/dialect';
import { FollowQuery } from '../../src/wechat-customers/list/page-sql';

describe('the query of a list', () => {
  const dialect = dialectOf({ options: { type: 'mariadb' } } as never);

  test('is whole when the last relation went between counting and asking for the page', () => {
    const keys = { tagPks: new Map(), occurring: { statuses: [], addWays: [] } };
    const filter = { tagIds: [], tagsMode: 'any' as const, addWay: 77 };
    const query = new FollowQuery(dialect, { uniacid: 2, enterpriseId: 1 }, filter, keys);
    const { sql, values } = query.pageIds(15, 0, true);
    expect(sql).not.toMatch(/IN \(\s*\)/);
    expect(values).toHaveLength(sql.split('?').length - 1);
  });
});
