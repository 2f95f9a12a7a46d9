import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../../http/openapi/schema';
import { FINDERS, FOLLOW_EVENTS, FollowHistory, LOSERS } from '../entities/follow-history.entity';

/** What became of a follow. */
export class HistoryEntryReply {
  @ApiProperty({ description: 'lost 流失，returned 恢复', enum: FOLLOW_EVENTS, example: 'lost' })
  event: string;

  @ApiProperty({
    description:
      'member 成员删除，customer 客户删除，transfer 转接，sync 同步发现，event 回调发现 / by the employee, the contact, a ' +
      'handover; found by a sync, an event',
    enum: [...new Set([...LOSERS, ...FINDERS])],
    example: 'customer',
  })
  by: string;

  @ApiProperty({ description: '时间 UTC+8 / when', ...TIME, example: '2021-09-28 09:21:46' })
  at: string;
}

/** The answer of history. */
export class HistoryReply {
  @ApiProperty({ description: '由旧到新 / oldest first', type: [HistoryEntryReply] })
  list: HistoryEntryReply[];
}

export const toHistoryReply = (entries: FollowHistory[]): HistoryReply => ({
  list: entries.map(({ event, by, at }) => ({ event, by, at })),
});
