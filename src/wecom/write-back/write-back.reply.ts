import { ApiProperty } from '@nestjs/swagger';
import type { Outcome } from './write-back';

/** What became of one follow. */
class ItemReply {
  @ApiProperty({ description: '跟进记录 id / id of the follow', example: 1 })
  id: number;

  @ApiProperty({ description: '1 成功 0 失败 / 1 done, 0 not', enum: [0, 1], example: 1 })
  result: number;

  @ApiProperty({ description: '成功，或失败原因 / 成功, or the reason', example: '成功' })
  msg: string;
}

/** The answer of remark and markTag. */
export class ItemsReply {
  @ApiProperty({ description: '逐条结果，按请求顺序 / a result for each id, in the order asked', type: [ItemReply] })
  items: ItemReply[];
}

export function toItemReply(id: number, outcome: Outcome): ItemReply {
  return outcome.isDone ? { id, result: 1, msg: '成功' } : { id, result: 0, msg: outcome.reason };
}
