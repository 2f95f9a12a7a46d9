import { isUtf8 } from 'node:buffer';
import { Connection, createConnection, RowDataPacket, TypeCastField } from 'mysql2';
import { OperatorError } from '../../base/operator-error';

/** A value as the server writes it; bytes that are no text stay bytes. */
export type Value = string | Buffer | null;

/** Rows that the stream holds; the server waits while nobody takes them. */
const ROWS_AHEAD = 100;

/** Three and four bytes in UTF-8. */
const TEXT = '中文😀';

/**
 * Whatever the server's settings are: its texts come in UTF-8, its TIMESTAMPs in UTC+8, no statement is cut short, and it
 * waits for an hour while our own database writes. Only MariaDB reads the first comment, only MySQL the others.
 */
const SETTINGS = [
  'SET NAMES utf8mb4',
  `SET sql_mode = '', time_zone = '+08:00', net_write_timeout = 3600, sql_big_selects = 1,
   sql_select_limit = 18446744073709551615 /*M!100100 , max_statement_time = 0 */ /*!50708 , max_execution_time = 0 */`,
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT /*!50605 , READ ONLY */',
];

/** The MySQL database of an original: read only, and as it was at one moment, as far as its tables are InnoDB. */
export class Original {
  private constructor(
    private readonly connection: Connection,
    /** `host:port/database`, without user and password. */
    readonly name: string,
  ) {}

  /** @param url `mysql://` or `mariadb://`. @throws OperatorError without the URL */
  static async open(url: string): Promise<Original> {
    const { hostname, port, username, password, pathname } = new URL(url);
    const connection = createConnection({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      charset: 'utf8mb4',
    });
    connection.on('error', () => undefined); // without a listener an error would end the process; each query has it too
    const original = new Original(connection, `${hostname}:${port || 3306}${pathname}`);
    try {
      for (const sql of SETTINGS) await original.rows(sql);
      await original.assertUtf8();
      return original;
    } catch (error) {
      original.close();
      if (error instanceof OperatorError) throw error;
      throw new OperatorError(`the database of IMPORT_DATABASE_URL cannot be opened (${codeOf(error)})`);
    }
  }

  /** The columns of a table by their names in lower case, with their types. @throws OperatorError if there is none */
  async columnsOf(table: string): Promise<Map<string, string>> {
    try {
      const columns = await this.rows<{ Field: string; Type: string }>('SHOW COLUMNS FROM ??', [table]);
      return new Map(columns.map(({ Field, Type }) => [Field.toLowerCase(), Type]));
    } catch (error) {
      throw new OperatorError(`table ${table} of the original cannot be read (${codeOf(error)})`);
    }
  }

  /** The rows of a short answer. @throws the driver's error */
  async rows<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const [rows] = await this.connection.promise().query<RowDataPacket[]>({ sql, values });
    return rows as Row[];
  }

  /**
   * The rows of an answer of any length, in lists of values, as they are taken.
   * @throws OperatorError when the server breaks off
   */
  async *stream(sql: string, values: unknown[]): AsyncGenerator<Value[]> {
    const query = this.connection.query({ sql, values, rowsAsArray: true, typeCast: valueOf });
    try {
      for await (const row of query.stream({ highWaterMark: ROWS_AHEAD })) yield row as Value[];
    } catch (error) {
      throw new OperatorError(`the original's database broke off (${codeOf(error)})`);
    }
  }

  close(): void {
    this.connection.destroy();
  }

  /** A proxy may keep the settings to itself. @throws OperatorError */
  private async assertUtf8(): Promise<void> {
    const hex = Buffer.from(TEXT).toString('hex');
    const [row] = await this.rows<{ shown: string }>(`SELECT CONVERT(UNHEX('${hex}') USING utf8mb4) AS shown`);
    if (row?.shown !== TEXT)
      throw new OperatorError('the original’s database garbles text: it does not keep to utf8mb4');
  }
}

/** BIT as a number; a time to the second, as both originals answer it, and the time of zeros as none. */
function valueOf(field: TypeCastField): Value {
  const bytes = field.buffer();
  if (bytes === null) return null;
  if (field.type === 'BIT') return BigInt(`0x${bytes.toString('hex')}`).toString();
  if (!isUtf8(bytes)) return bytes;
  const text = bytes.toString();
  if (field.type !== 'DATETIME' && field.type !== 'TIMESTAMP') return text;
  return text.startsWith('0000-00-00') ? null : text.slice(0, 'YYYY-MM-DD HH:mm:ss'.length);
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
