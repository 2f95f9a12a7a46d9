import type { DataSource } from 'typeorm';
import type { Tenant } from '../src/enterprise/tenant';
import { rebuildFollowIndex } from '../src/wechat-customers/search-index/rebuild';

/** The tables by which the list finds and counts, without counters that have reached zero. */
export async function derivedRows(dataSource: DataSource, { uniacid, enterpriseId }: Tenant) {
  const [terms, links, counts] = await Promise.all([
    dataSource.query<unknown[]>(
      'SELECT term, follow_id FROM wechat_follow_term WHERE uniacid = ? AND crop_id = ? ORDER BY term, follow_id',
      [uniacid, enterpriseId],
    ),
    dataSource.query<unknown[]>(
      `SELECT link.tag_pk, link.follow_id FROM wechat_follow_tag link JOIN wechat_follow ON wechat_follow.id = link.follow_id
       WHERE wechat_follow.uniacid = ? AND wechat_follow.crop_id = ? ORDER BY link.tag_pk, link.follow_id`,
      [uniacid, enterpriseId],
    ),
    dataSource.query<unknown[]>(
      `SELECT subset, status, add_way, external_type, n FROM wechat_follow_count
       WHERE uniacid = ? AND crop_id = ? AND n <> 0 ORDER BY subset, status, add_way, external_type`,
      [uniacid, enterpriseId],
    ),
  ]);
  return { terms, links, counts };
}

/** Expects the derived rows to match the follows: once counted by the database, once derived anew. */
export async function expectExactlyDerived(dataSource: DataSource, tenant: Tenant): Promise<void> {
  const found = await derivedRows(dataSource, tenant);
  const byOwner = await dataSource.query<object[]>(
    `SELECT userid, status, add_way, external_type, COUNT(*) AS n FROM wechat_follow
     WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL
     GROUP BY userid, status, add_way, external_type ORDER BY userid, status, add_way, external_type`,
    [tenant.uniacid, tenant.enterpriseId],
  );
  const owners = (found.counts as { subset: string; n: number }[])
    .filter(({ subset }) => subset.startsWith('owner:'))
    .map(({ subset, ...count }) => ({ userid: subset.slice('owner:'.length), ...count }));
  expect(owners).toEqual(byOwner);
  await rebuildFollowIndex(dataSource.manager);
  expect(found).toEqual(await derivedRows(dataSource, tenant));
}
