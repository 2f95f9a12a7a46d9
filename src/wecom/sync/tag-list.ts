import type { DataSource } from 'typeorm';
import { Unstorable } from '../../database/storable';
import type { Tenant } from '../../enterprise/tenant';
import { Tag } from '../../wechat-customers/entities/tag.entity';
import { isWecomFault, sentenceOf } from '../client/errors';
import type { WecomApi } from '../client/wecom-client';
import { readTags } from '../read-tags';

/**
 * The enterprise's tags during a run. A page that names an unknown one waits for the list to be read again, so that the
 * follow is found by the tag at once; an id that WeCom does not list even then is asked for once a run.
 */
export class TagList {
  /** Why the tags could not be read; empty when they were. */
  failure = '';
  private known: Promise<Set<string>> | undefined;
  private reading: Promise<void> | undefined;
  private readonly unlisted = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly tenant: Tenant,
    private readonly api: WecomApi,
  ) {}

  /** Reads and stores the whole list; `failure` says why it could not. */
  async load(): Promise<void> {
    try {
      await readTags(this.dataSource, this.tenant, this.api);
    } catch (error) {
      if (!isWecomFault(error) && !(error instanceof Unstorable)) throw error;
      this.failure = sentenceOf(error);
    }
    this.known = undefined;
  }

  /** Reads the list again if one of the ids is unknown. */
  async know(tagIds: string[]): Promise<void> {
    if ((await this.unknown(tagIds)).length === 0) return;
    this.reading ??= this.load().finally(() => (this.reading = undefined));
    await this.reading;
    for (const id of await this.unknown(tagIds)) this.unlisted.add(id);
  }

  private async unknown(tagIds: string[]): Promise<string[]> {
    this.known ??= this.read();
    const known = await this.known;
    return tagIds.filter((id) => !known.has(id) && !this.unlisted.has(id));
  }

  private async read(): Promise<Set<string>> {
    const { uniacid, enterpriseId } = this.tenant; // by name: what callers pass may have more properties
    const tags = await this.dataSource.manager.find(Tag, { select: { tagId: true }, where: { uniacid, enterpriseId } });
    return new Set(tags.map(({ tagId }) => tagId));
  }
}
