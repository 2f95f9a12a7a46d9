import { TestApp } from '../app';
import { buildUserCustomer } from '../factories';
import { measured } from './measured';
import { UNLIMITED } from './unlimited';
import { engine } from '../database';

/** What RATE_LIMIT_ACCOUNT lets one account send in a minute, and the part of it that is sent here. */
const A_MINUTE = 3_000;
const REQUESTS = A_MINUTE / 10;
const AT_ONCE = 8;
/** Before the bound, the texts alone made 0.8 GB a minute. */
const BOUND_MB = 30;

/** The costliest characters: their texts are held whole, up to the bound of each. */
const TEXTS = (n: number) => ({
  template: `${n}${'客'.repeat(330)}`,
  script: `${n}${'户'.repeat(330)}`,
  reference: `${n}${'😀'.repeat(240)}`,
});
const LONG_TEXTS = (n: number) => ({ template: `${n}${'x'.repeat(65_000)}`, script: `${n}${'y'.repeat(65_000)}` });

describe('one account that edits at its rate limit', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ settings: UNLIMITED });
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** Bytes of the pages that the table of the audit log uses; its file grows in steps of megabytes. */
  async function size(): Promise<number> {
    if (engine === 'mariadb') await app.dataSource.query('ANALYZE TABLE audit_entry');
    const sql =
      engine === 'sqlite'
        ? "SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name LIKE '%audit_entry%'"
        : `SELECT SUM(stat_value) * @@innodb_page_size AS bytes FROM mysql.innodb_index_stats
           WHERE database_name = DATABASE() AND table_name = 'audit_entry' AND stat_name = 'n_leaf_pages'`;
    const [row] = await app.dataSource.query<{ bytes: number }[]>(sql);
    return Number(row!.bytes);
  }

  test.each([
    ['texts of 64 KB', LONG_TEXTS],
    ['texts that are just held whole', TEXTS],
  ])('%s', async (what, texts) => {
    const { customerId: customer_id } = await buildUserCustomer(app.dataSource, { userId: 1000 });
    const before = await size();
    let sent = 0;
    const client = async () => {
      for (let n = sent++; n < REQUESTS; n = sent++) {
        const { body } = await app.send('/api/user_customer/edit', {
          json: { user_id: 1000, customer_id, ...texts(n) },
          token,
        });
        expect(body.code).toBe(200);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    const [{ entries }] = await app.dataSource.query<[{ entries: number }]>(
      'SELECT COUNT(*) AS entries FROM audit_entry WHERE customer_id = ?',
      [customer_id],
    );
    const megabytes = (((await size()) - before) / 1e6) * (A_MINUTE / REQUESTS);
    measured(`growth of the audit log by one account on ${engine}`, {
      edits: Number(entries),
      of: what,
      'MB a minute at the rate limit': megabytes.toFixed(1),
    });
    expect(Number(entries)).toBe(REQUESTS);
    expect(megabytes).toBeLessThan(BOUND_MB);
  });
});
