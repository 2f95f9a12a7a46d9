import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../../http/openapi/schema';
import { RunReply } from './run.reply';

class EventCountsReply {
  @ApiProperty({ description: '待处理 / waiting', example: 0 })
  pending: number;

  @ApiProperty({ description: '无法处理 / set aside', example: 0 })
  dead: number;

  @ApiProperty({ description: '已处理 / taken effect', example: 120 })
  applied: number;

  @ApiProperty({ description: '已忽略 / of no concern here', example: 4 })
  ignored: number;

  @ApiProperty({ description: '重复 / sent again', example: 2 })
  duplicate: number;

  @ApiProperty({
    description: '最近一次 UTC+8 / when the last one came',
    ...TIME,
    nullable: true,
    example: '2026-11-27 09:30:00',
  })
  last_at: string | null;
}

/** The newest run, and the events of the last 30 days. */
export class SyncStatusReply {
  @ApiProperty({ description: '最近一次同步，无则 null / newest run', type: RunReply, nullable: true })
  run: RunReply | null;

  @ApiProperty({ description: '30 天内的事件 / events of the last 30 days', type: EventCountsReply })
  events: EventCountsReply;
}
