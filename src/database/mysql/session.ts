import type { Pool, PoolConnection } from 'mysql2';
import { DatabaseNotReady, isDatabaseAway } from '../errors';

/*
 * What our statements rely on. Every connection sets it before its first statement, so neither the server's settings
 * nor its init_connect nor a failover to another server changes what a statement means. docs/databases.md says why for
 * each setting, and for those that are left to the server.
 */

const SQL_MODE = [
  'STRICT_TRANS_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
];

/** Single quotes and no backslash: the server reads this in a mode, and in a character set, of its own choice. */
const SETTINGS = [
  'NAMES utf8mb4 COLLATE utf8mb4_bin',
  `sql_mode = '${SQL_MODE.join(',')}'`,
  'autocommit = 1',
  "completion_type = 'NO_CHAIN'",
  'unique_checks = 1',
  'sql_auto_is_null = 0',
  'sql_safe_updates = 0',
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'max_sort_length = 1024',
  "default_storage_engine = 'InnoDB'",
];

/** A statement of its own, because servers disagree about the variable's name. */
const ISOLATION = 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE';

/** The server's own default, in seconds; commands may wait as long. */
const LOCK_WAIT_SECONDS = 50;

/** A session that does not mean what our statements mean. It counts as lost, so a request is answered 503. */
class UnfitSession extends DatabaseNotReady {
  readonly fatal = true;
}

/** What each connection of a pool begins with: its settings, then, when these are proved, further statements. */
interface Beginning {
  settings: string[];
  further: string[];
}

const beginnings = new WeakMap<object, Beginning>();

/**
 * Makes every connection of a pool begin with our settings. A connection that cannot is closed, and its caller gets
 * {@link UnfitSession} or the driver's error.
 * @param statementMs time limit of a statement; 0 for none
 */
export function settleSessions(pool: Pool, statementMs: number): Pool {
  const settings = [`SET ${[...SETTINGS, ...limits(statementMs)].join(', ')}`, ISOLATION];
  beginnings.set(pool, { settings, further: [] });
  const getConnection = pool.getConnection.bind(pool);
  const settled = new WeakSet<PoolConnection>();
  pool.getConnection = (callback) =>
    getConnection((error, connection) => {
      if (error || settled.has(connection)) {
        callback(error, connection);
        return;
      }
      connection.on('error', () => undefined); // without a listener an error would end the process
      settle(connection, beginnings.get(pool)!).then(
        () => {
          settled.add(connection);
          callback(null, connection);
        },
        (reason: NodeJS.ErrnoException) => {
          connection.destroy();
          callback(reason, undefined as never);
        },
      );
    });
  return pool;
}

/** Makes every connection that a pool of {@link settleSessions} opens from now on begin with a further statement. */
export function beginAlsoWith(pool: Pool, statement: string): void {
  beginnings.get(pool)!.further.push(statement);
}

/**
 * Only MariaDB reads the first comment (seconds), only MySQL and TiDB read the second (milliseconds, and on MySQL for
 * SELECT only). A lock is waited for half as long, which leaves time for a retry.
 */
function limits(statementMs: number): string[] {
  const lockSeconds = statementMs === 0 ? LOCK_WAIT_SECONDS : Math.max(1, Math.floor(statementMs / 2000));
  return [
    `innodb_lock_wait_timeout = ${lockSeconds}
     /*M!100100 , max_statement_time = ${statementMs / 1000} */ /*!50708 , max_execution_time = ${statementMs} */`,
  ];
}

/** @throws UnfitSession or the driver's error */
async function settle(connection: PoolConnection, { settings, further }: Beginning): Promise<void> {
  const query = (sql: string) => answerOf((done) => connection.query(sql, done));
  try {
    for (const sql of settings) await query(sql);
    await prove(connection); // before a node of Galera without quorum is told to wait for the others
    for (const sql of further) await query(sql);
  } catch (error) {
    if (error instanceof DatabaseNotReady || isDatabaseAway(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UnfitSession(`the database server refuses the settings that the program relies on (${code})`);
  }
}

/** Three and four bytes in UTF-8, and none of them in latin1 or gbk. */
const TEXT = '中文😀';
const TEXT_HEX = Buffer.from(TEXT).toString('hex').toUpperCase();

/** Converted, because a text in the wrong character set has the right bytes until it is stored in a column. */
const PROOF = `SELECT HEX(CONVERT('${TEXT}' USING utf8mb4)) AS written, HEX(CONVERT(? USING utf8mb4)) AS bound,
  CONVERT(UNHEX('${TEXT_HEX}') USING utf8mb4) AS shown, @@SESSION.sql_mode AS mode`;

interface Proof {
  written: string;
  bound: string;
  shown: string;
  mode: string;
}

/** Looks at what the settings did: a proxy may keep them to itself. @throws UnfitSession */
async function prove(connection: PoolConnection): Promise<void> {
  const [row] = await answerOf<Proof[]>((done) => connection.execute(PROOF, [TEXT], done));
  connection.unprepare(PROOF);
  const { written, bound, shown, mode } = row!;
  if (written !== TEXT_HEX || bound !== TEXT_HEX || shown !== TEXT) {
    throw new UnfitSession('the database server, or a proxy before it, garbles text: it does not keep to utf8mb4');
  }
  if (mode.split(',').sort().join() !== [...SQL_MODE].sort().join()) {
    throw new UnfitSession('the database server, or a proxy before it, keeps a sql_mode of its own');
  }
}

/** mysql2's callbacks as a promise. */
function answerOf<Answer>(ask: (done: (error: Error | null, answer: unknown) => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => ask((error, answer) => (error ? reject(error) : resolve(answer as Answer))));
}
