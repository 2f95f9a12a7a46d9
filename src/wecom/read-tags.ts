import type { DataSource } from 'typeorm';
import type { Tenant } from '../enterprise/tenant';
import { readListsRevision } from '../wechat-customers/search-index/revisions';
import { storeTags, TagData } from '../wechat-customers/write/tags';
import type { WecomApi } from './client/wecom-client';
import { toTags } from './to-follow';

/** Bounds the questions for one list: a sync that stores employees makes each answer look old. */
const MAX_ASKED = 3;

/**
 * Reads the enterprise's whole list of tags and stores it. An answer is not stored if tags were stored since WeCom was
 * asked, as theirs may be the newer list: WeCom is asked again.
 * @throws WecomFault if it cannot be read
 */
export async function readTags(dataSource: DataSource, tenant: Tenant, api: WecomApi): Promise<void> {
  for (let asked = 1; ; asked++) {
    const revision = await readListsRevision(dataSource.manager, tenant);
    const tags = await askForTags(api);
    const isLast = asked === MAX_ASKED;
    if ((await storeTags(dataSource, tenant, tags, isLast ? undefined : revision)) !== 'stale') return;
  }
}

/** One odd answer must not take all tags off their follows: no tags are believed only when WeCom says so twice. */
async function askForTags(api: WecomApi): Promise<TagData[]> {
  const tags = toTags(await api.tagGroups());
  return tags.length > 0 ? tags : toTags(await api.tagGroups());
}
