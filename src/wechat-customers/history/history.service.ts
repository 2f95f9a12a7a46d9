import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { FollowNotFound } from '../details/errors';
import { FollowHistory } from '../entities/follow-history.entity';
import { Follow } from '../entities/follow.entity';
import type { HistoryDto } from './history.dto';
import { HistoryReply, toHistoryReply } from './history.reply';

/** Reads what became of a follow: when it was lost, and when it returned. */
@Injectable()
export class HistoryService {
  constructor(private readonly manager: EntityManager) {}

  /** @throws FollowNotFound for a follow that is missing, deleted or of another enterprise */
  async get({ uniacid, enterpriseId }: Tenant, { id }: HistoryDto): Promise<HistoryReply> {
    const isKnown = await this.manager.existsBy(Follow, { id, uniacid, enterpriseId });
    if (!isKnown) throw new FollowNotFound();
    const entries = await this.manager.find(FollowHistory, {
      where: { uniacid, enterpriseId, followId: id },
      order: { at: 'ASC', id: 'ASC' },
    });
    return toHistoryReply(entries);
  }
}
