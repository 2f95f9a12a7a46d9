import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { Env, readEnv } from '../src/config/env';
import { Sql } from '../src/database/sql';
import type { ManagedEnterprise } from '../src/enterprise/tenant';
import { reasonOf } from '../src/base/operator-error';
import { TagsAndEmployeesStore } from '../src/wechat-customers/kept/tags-and-employees';
import { ListService } from '../src/wechat-customers/list/list.service';
import { ALL } from '../src/wechat-customers/list/views';
import { LAST_MOMENT } from './data/calendar';
import { ENTERPRISES } from './data/enterprises';
import { TERMS } from './data/names';
import { DEFAULT_DATABASE, openDatabase } from './data/open';
import { conditions, quantile, table } from './run/report';
import { filterCases, FilterCase } from './run/filter-cases';

const TRIES = 5;
const PER_PAGE = 15;
const PAGES = [1, 100, 1_000, 10_000];

/** Times the database work of one getList, filter by filter, on one connection. */
class FilterBench {
  private readonly list: ListService;
  private revision = 0;

  constructor(
    private readonly dataSource: DataSource,
    env: Env,
  ) {
    const sql = Sql.of(dataSource);
    this.list = new ListService(sql, new TagsAndEmployeesStore(sql), env);
  }

  /** Reads the total anew each time, as if a follow had changed before every call. */
  async row({ name, filter }: FilterCase): Promise<string[]> {
    const both: number[] = [];
    const pages: number[] = [];
    let total = 0;
    let read = 0;
    for (let n = 0; n < TRIES; n++) {
      const enterprise = this.changed();
      const before = await this.rowsRead();
      both.push(await timed(async () => ({ total } = await this.page(enterprise, filter))));
      read = (await this.rowsRead()) - before;
      pages.push(await timed(() => this.page(enterprise, filter)));
    }
    return [name, String(total), ms(both), ms(pages), Number.isNaN(read) ? '–' : String(read)];
  }

  async deepPages(): Promise<string[][]> {
    const rows: string[][] = [];
    const enterprise = this.changed();
    const filter = { tags: {} };
    const { total } = await this.page(enterprise, filter);
    for (const page of PAGES.filter((number) => number * PER_PAGE <= total)) {
      const times: number[] = [];
      for (let n = 0; n < TRIES; n++) {
        times.push(await timed(() => this.list.page(ALL, enterprise, filter, PER_PAGE, (page - 1) * PER_PAGE)));
      }
      rows.push([String(page), ms(times)]);
    }
    return rows;
  }

  private page(enterprise: ManagedEnterprise, filter: FilterCase['filter']) {
    return this.list.page(ALL, enterprise, filter, PER_PAGE, 0);
  }

  private changed(): ManagedEnterprise {
    const { uniacid, id } = ENTERPRISES[0];
    return { uniacid, enterpriseId: id, followsRevision: ++this.revision, listsRevision: 0, identity: 2, userid: '' };
  }

  private async rowsRead(): Promise<number> {
    if (this.dataSource.options.type === 'better-sqlite3') return Number.NaN;
    const counters = await this.dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Handler_read%'");
    return counters.reduce((sum, { Value }) => sum + Number(Value), 0);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const ms = (times: number[]) => quantile(times, 0.5).toFixed(1);

async function main(): Promise<void> {
  const { database } = new Command('npm run bench:filters --')
    .description('Times the database work of getList for every filter, on data of bench:data')
    .option('--database <url>', 'one that bench:data has filled', DEFAULT_DATABASE)
    .parse()
    .opts<{ database: string }>();
  const dataSource = await openDatabase(database, 1); // so that the session counters cover every query
  try {
    const bench = new FilterBench(dataSource, readEnv({}));
    const rows: string[][] = [];
    for (const each of await filterCases(dataSource, LAST_MOMENT, TERMS)) rows.push(await bench.row(each));
    console.log(await conditions(dataSource, 'bench:filters'));
    console.log(`\n${table(['filter', 'found', 'page and total ms', 'page ms', 'rows read'], rows)}`);
    console.log(`\n${table(['page', 'ms'], await bench.deepPages())}`);
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(`bench:filters: ${reasonOf(error)}`);
  process.exit(1);
});
