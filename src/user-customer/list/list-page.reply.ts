import { ApiProperty } from '@nestjs/swagger';
import type { Encoded } from '../../http/output/json';

/** A page of a list of family A; the order of the keys is the contract's (CONTRACT 1.3). */
export abstract class ListPageReply<Row> {
  @ApiProperty({ description: '页码，原样返回 / page asked for', example: 1 })
  page_index: number;

  @ApiProperty({ description: '每页记录数 / rows a page', example: 20 })
  page_size: number;

  @ApiProperty({ description: '总页数，无记录为 0 / pages, 0 when empty', example: 1 })
  total_pages: number;

  @ApiProperty({ description: '总记录数 / rows in all', example: 2 })
  total_records: number;

  /** The documentation of the rows is the subclass's. */
  abstract data: Row[] | Encoded;
}
