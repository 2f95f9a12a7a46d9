import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../http/openapi/schema';
import type { Encoded } from '../http/output/json';
import { ListPageReply } from './list/list-page.reply';

/** A relation on the wire; the order of the keys is the contract's. */
export class RelationReply {
  @ApiProperty({ description: '用户标识 / user id', example: 998 })
  user_id: number;

  @ApiProperty({ description: '客户标识 / customer id', example: 1001 })
  customer_id: number;

  @ApiProperty({ description: '模板/样式 / template', type: String, nullable: true, example: null })
  template: string | null;

  @ApiProperty({ description: '脚本 / script', type: String, nullable: true, example: null })
  script: string | null;

  @ApiProperty({ description: '参考号 / reference', example: '' })
  reference: string;

  @ApiProperty({
    description: '创建时间 UTC+8 / created',
    ...TIME,
    nullable: true,
    example: '2018-11-28 10:40:31',
  })
  created: string | null;

  @ApiProperty({ description: '1 可用 / 1: available', example: 1, enum: [0, 1] })
  is_available: number;

  @ApiProperty({ description: 'BOSS 同步 / synchronised with BOSS', example: 0, enum: [0, 1] })
  boss_sync: number;
}

export class RelationPageReply extends ListPageReply<RelationReply> {
  @ApiProperty({ description: '记录 / rows', type: [RelationReply] })
  data: RelationReply[] | Encoded;
}
