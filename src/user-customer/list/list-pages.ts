import { Inject, Injectable } from '@nestjs/common';
import { ENV, Env } from '../../config/env';
import { LIST_SQL, Sql } from '../../database/sql';
import { pageOffset, pageSize } from '../../http/input/page';
import { BadParameter } from '../../http/output/errors';
import { boundedPage, PageTooLarge } from '../../http/output/large-page';
import type { List } from './list';
import type { PageDto } from './list.dto';
import type { ListPageReply } from './list-page.reply';

const SMALLER = '减小 page_size';
const BY_PAGES = '分页查询';

/** The failures of every list, for its documentation. */
export const PAGE_FAILURES = [new PageTooLarge(SMALLER), new PageTooLarge(BY_PAGES)];

/** A row of a page; `total` counts the rows of the whole list. */
type Counted<Row> = Row & { total: number };

/** Reads the pages of family A's lists (CONTRACT 1.3), from a replica where there is one. */
@Injectable()
export class ListPages {
  constructor(
    @Inject(LIST_SQL) private readonly sql: Sql,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * @throws BadParameter for a page of too many rows, or when `is_all` asks for too many; PageTooLarge for too many bytes
   */
  async read<Row>(list: List<Row>, asked: PageDto): Promise<ListPageReply<Row>> {
    const { page_index: index = 1, page_size, is_all: isAll = false } = asked;
    const size = pageSize('page_size', page_size, this.env.MIX_PAGE_SIZE, this.env.MIX_PAGE_SIZE_MAX);
    if (isAll) return this.readAll(list);
    return boundedPage(size, SMALLER, async ({ read, encode }) => {
      const page = list.page(size, pageOffset(index, size));
      const rows = await read((maxLength) => this.sql.rows<Counted<Row>>(page, maxLength));
      const total = rows[0]?.total ?? (index === 1 ? 0 : await this.count(list));
      return {
        page_index: index,
        page_size: size,
        total_pages: Math.ceil(total / size),
        total_records: total,
        data: await encode(rows.map(withoutTotal)),
      };
    });
  }

  /**
   * Counts first, so that too many are refused without being read. The rows may have become more since: one more than
   * allowed tells.
   */
  private async readAll<Row>(list: List<Row>): Promise<ListPageReply<Row>> {
    const { MIX_ALL_MAX: max } = this.env;
    const counted = await this.count(list);
    if (counted > max) throw new BadParameter([`is_all 最多返回${max}条，共${counted}条，请分页查询`]);
    return boundedPage(counted, BY_PAGES, async ({ read, encode }) => {
      const rows = await read((maxLength) => this.sql.rows<Row>(list.top(max + 1), maxLength));
      const total = rows.length;
      if (total > max) throw new BadParameter([`is_all 最多返回${max}条，请分页查询`]); // nothing has counted these
      return {
        page_index: 1,
        page_size: total,
        total_pages: total > 0 ? 1 : 0,
        total_records: total,
        data: await encode(rows),
      };
    });
  }

  private async count<Row>(list: List<Row>): Promise<number> {
    const [row] = await this.sql.rows<{ total: number }>(list.total());
    return row!.total;
  }
}

function withoutTotal<Row>({ total: _, ...row }: Counted<Row>): Row {
  return row as unknown as Row;
}
