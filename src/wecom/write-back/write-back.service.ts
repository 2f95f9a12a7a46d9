import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { DataSource } from 'typeorm';
import type { Actor } from '../../auth/policy';
import { ENV, Env } from '../../config/env';
import type { Tenant } from '../../enterprise/tenant';
import { BadParameter } from '../../http/output/errors';
import { Tag, TAG_TYPES } from '../../wechat-customers/entities/tag.entity';
import { Corps } from '../corps/corps';
import type { Wish } from './follow-change';
import { Outcome, WriteBack } from './write-back';
import type { MarkTagDto, RemarkDto } from './write-back.dto';
import { ItemsReply, toItemReply } from './write-back.reply';

/** A request begins no call after this time; proxies wait for the answer some 35 s, and a call may take 10. */
const REQUEST_MS = 20_000;

/** Changes follows in WeCom, item by item: one that fails keeps no other from being changed. */
@Injectable()
export class WriteBackService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly corps: Corps,
    private readonly writeBack: WriteBack,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @throws NoCorp, UnreadableCredentials, BadParameter without a field to change */
  async remark(tenant: Tenant, { id, remark_mobiles: mobiles, ...dto }: RemarkDto, actor: Actor): Promise<ItemsReply> {
    const { remark, description, remark_corp_name: remarkCorpName } = dto;
    const remarkMobiles = mobiles && JSON.stringify(mobiles);
    const texts = { remark, description, remarkCorpName, remarkMobiles };
    if (Object.values(texts).every((value) => value === undefined)) {
      throw new BadParameter(['remark、description、remark_corp_name、remark_mobiles 至少要有一个']);
    }
    return this.writeAll(tenant, id, { texts }, actor);
  }

  /** @throws NoCorp, UnreadableCredentials, BadParameter for tags that are none or not the enterprise's, or in both lists */
  async markTag(tenant: Tenant, { id, add_tag, remove_tag }: MarkTagDto, actor: Actor): Promise<ItemsReply> {
    await this.assertTags(tenant, add_tag, remove_tag);
    return this.writeAll(tenant, id, { addTags: add_tag, removeTags: remove_tag }, actor);
  }

  private async assertTags({ uniacid, enterpriseId }: Tenant, addTags: string[], removeTags: string[]): Promise<void> {
    if (addTags.length + removeTags.length === 0) throw new BadParameter(['add_tag、remove_tag 至少要有一个']);
    if (addTags.some((id) => removeTags.includes(id))) {
      throw new BadParameter(['add_tag 和 remove_tag 不能有相同的标签']);
    }
    const where = { uniacid, enterpriseId, type: TAG_TYPES.enterprise };
    const tags = await this.dataSource.manager.find(Tag, { select: { tagId: true }, where });
    const known = new Set(tags.map(({ tagId }) => tagId));
    const unknown = Object.entries({ add_tag: addTags, remove_tag: removeTags })
      .filter(([, ids]) => ids.some((id) => !known.has(id)))
      .map(([name]) => `${name} 含有不存在的标签`);
    if (unknown.length > 0) throw new BadParameter(unknown);
  }

  private async writeAll(tenant: Tenant, ids: number[], wish: Wish, actor: Actor): Promise<ItemsReply> {
    const corp = await this.corps.demand(tenant);
    const signal = AbortSignal.timeout(REQUEST_MS);
    const limit = pLimit(this.env.WECOM_CONCURRENCY);
    const outcomes = new Map<number, Promise<Outcome>>();
    for (const id of new Set(ids)) {
      outcomes.set(
        id,
        limit(() => this.writeBack.write(corp, tenant, id, wish, actor, signal)),
      );
    }
    await Promise.allSettled(outcomes.values()); // a failure of ours must not leave the others running
    return { items: await Promise.all(ids.map(async (id) => toItemReply(id, await outcomes.get(id)!))) };
  }
}
