import { ApiProperty } from '@nestjs/swagger';
import { stringify } from 'qs';
import type { Encoded } from './json';

/** One page of a list and what its page URLs are built from. */
export interface Page<Row> {
  rows: Row[];
  /** Number of rows on all pages. */
  total: number;
  /** Page number from 1; not clamped past the end. */
  current: number;
  perPage: number;
  /** URL of the list without a query. */
  path: string;
  /** The active filters, repeated in every page URL. */
  query: Record<string, unknown>;
}

const url = (example: string) => ({ type: String, nullable: true, example });

/** Laravel 6's LengthAwarePaginator on the wire; key order is part of the contract (CONTRACT 2.3). */
export class PageReply {
  @ApiProperty({ description: '当前页 / this page', example: 1 })
  current_page: number;

  @ApiProperty({ description: '本页记录 / rows', type: [Object] })
  data: unknown[] | Encoded;

  @ApiProperty({ description: '首页 URL / first page', example: 'http://localhost/list?page=1' })
  first_page_url: string;

  @ApiProperty({
    description: '本页首行序号，空页为 null / number of the first row',
    type: Number,
    nullable: true,
    example: 1,
  })
  from: number | null;

  @ApiProperty({ description: '末页，至少 1 / last page, at least 1', example: 3 })
  last_page: number;

  @ApiProperty({ description: '末页 URL / last page', example: 'http://localhost/list?page=3' })
  last_page_url: string;

  @ApiProperty({ description: '下一页 URL / next page', ...url('http://localhost/list?page=2') })
  next_page_url: string | null;

  @ApiProperty({ description: '列表 URL / the list', example: 'http://localhost/list' })
  path: string;

  @ApiProperty({ description: '每页条数 / rows a page', example: 15 })
  per_page: number;

  @ApiProperty({ description: '上一页 URL / previous page', type: String, nullable: true, example: null })
  prev_page_url: string | null;

  @ApiProperty({ description: '本页末行序号 / number of the last row', type: Number, nullable: true, example: 15 })
  to: number | null;

  @ApiProperty({ description: '总数 / rows in all', example: 45 })
  total: number;
}

/** Builds the page as Laravel does, with rows mapped by `toReply`. */
export function paginate<Row, Reply>(page: Page<Row>, toReply: (row: Row) => Reply): PageReply & { data: Reply[] } {
  const { rows, total, current, perPage, path, query } = page;
  const last = Math.max(Math.ceil(total / perPage), 1);
  const first = rows.length > 0 ? (current - 1) * perPage + 1 : null;
  const urlOf = (number: number) => `${path}?${stringify({ page: number, ...query })}`;
  return {
    current_page: current,
    data: rows.map(toReply),
    first_page_url: urlOf(1),
    from: first,
    last_page: last,
    last_page_url: urlOf(last),
    next_page_url: current < last ? urlOf(current + 1) : null,
    path,
    per_page: perPage,
    prev_page_url: current > 1 ? urlOf(current - 1) : null,
    to: first && first + rows.length - 1,
    total,
  };
}
