import { createPool, Pool, RowDataPacket } from 'mysql2/promise';
import {
  AuditLine,
  FollowRow,
  Known,
  Lists,
  NewRelation,
  Search,
  SessionRow,
  serveByHand,
  Store,
  Tenant,
} from './by-hand';
import { RELATION, select, TAG, toFollowRow } from './columns';
import { FOLLOW_SQL, followFilter, JOIN_CUSTOMER } from './follow-filter';

/** 0: straightforward; 1: rows as arrays, lists as bytes; 2: also keeps the totals for ever. */
const tuned = Number(process.env.TUNED ?? 0);

const RELATION_SQL = `SELECT ${RELATION.join(', ')} FROM user_customer`;

const INSERT_RELATION =
  'INSERT INTO user_customer (user_id, customer_id, template, script, reference, created) VALUES (?, ?, ?, ?, ?, ?)';

const INSERT_AUDIT =
  'INSERT INTO audit_entry (at, kind, action, actor_id, actor, user_id, customer_id, changes) ' +
  "VALUES (?, 'relation', 'add', ?, ?, ?, ?, ?)";

/** The reference on MariaDB: prepared statements on a pool of ten connections. */
class MysqlStore implements Store {
  private readonly totals = new Map<string, Promise<number>>();

  constructor(private readonly pool: Pool) {}

  sessions(): Promise<SessionRow[]> {
    return this.rows(
      'SELECT s.token_hash, s.user_id, u.username, u.is_super, x.uniacid, x.business_id FROM session s ' +
        'JOIN user u ON u.user_id = s.user_id LEFT JOIN enterprise_choice x ON x.user_id = s.user_id',
    );
  }

  async lists({ uniacid, enterpriseId }: Tenant): Promise<Lists> {
    const tenant = [uniacid, enterpriseId];
    const tags = `SELECT ${select('t', TAG)} FROM wechat_tag t WHERE uniacid = ? AND crop_id = ? ORDER BY id DESC`;
    const employees =
      'SELECT user_id, name FROM wechat_employee WHERE uniacid = ? AND business_id = ? ORDER BY user_id';
    return { tags: await this.rows(tags, tenant), employees: await this.rows(employees, tenant) };
  }

  async relation(userId: number, customerId: number) {
    const rows = await this.rows<object>(`${RELATION_SQL} WHERE user_id = ? AND customer_id = ?`, [userId, customerId]);
    return rows[0];
  }

  async relations(userId: number | undefined, limit: number, offset: number) {
    const where = userId === undefined ? '' : 'WHERE user_id = ?';
    const parameters = userId === undefined ? [] : [userId];
    // Without user_id: ordering by it too would sort all rows of the user, because MariaDB takes no bound parameter for
    // a constant.
    const order = `ORDER BY created DESC, customer_id DESC${userId === undefined ? ', user_id DESC' : ''}`;
    const [rows, total] = await Promise.all([
      this.rows<object>(`${RELATION_SQL} ${where} ${order} LIMIT ${limit} OFFSET ${offset}`, parameters),
      this.count(`SELECT COUNT(*) AS total FROM user_customer ${where}`, parameters),
    ]);
    return { rows, total };
  }

  async lookUp(userId: number, customerId: number, subject: string, since: number) {
    const sql =
      'SELECT c.secret, r.customer_id AS followed, ' +
      '(SELECT COUNT(*) FROM failed_attempt WHERE subject = ? AND failed_at > ?) AS failed ' +
      'FROM user u LEFT JOIN customer c ON c.customer_id = ? ' +
      'LEFT JOIN user_customer r ON r.user_id = u.user_id AND r.customer_id = c.customer_id WHERE u.user_id = ?';
    return (await this.rows<Known>(sql, [subject, since, customerId, userId]))[0];
  }

  async insert(row: NewRelation, audit?: AuditLine): Promise<void> {
    const values = [row.user_id, row.customer_id, row.template, row.script, row.reference, row.created];
    if (!audit) return void (await this.pool.execute(INSERT_RELATION, values));
    const { at, actor_id, actor, user_id, customer_id, changes } = audit;
    const connection = await this.pool.getConnection();
    try {
      await connection.beginTransaction();
      await connection.execute(INSERT_RELATION, values);
      await connection.execute(INSERT_AUDIT, [at, actor_id, actor, user_id, customer_id, changes]);
      await connection.commit();
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  }

  async follows(tenant: Tenant, search: Search, limit: number, offset: number) {
    const { where, parameters, needsCustomer } = followFilter(tenant, search);
    const page = `${FOLLOW_SQL} WHERE ${where} ORDER BY f.id DESC LIMIT ${limit} OFFSET ${offset}`;
    const join = needsCustomer ? JOIN_CUSTOMER : '';
    const total = `SELECT COUNT(*) AS total FROM wechat_follow f ${join} WHERE ${where}`;
    const [rows, count] = await Promise.all([
      tuned > 0 ? this.followsByPosition(page, parameters) : this.followsByName(page, parameters),
      tuned > 1 ? this.remembered(total, parameters) : this.count(total, parameters),
    ]);
    return { rows, total: count };
  }

  private async followsByName(sql: string, values: (string | number)[]): Promise<FollowRow[]> {
    const [rows] = await this.pool.execute<RowDataPacket[]>({ sql, values, nestTables: true });
    return rows.map(({ f, c, e }: Record<string, { id: number | null }>) => ({
      follow: f as unknown as FollowRow['follow'],
      customer: c!.id === null ? null : c!,
      employee: e!.id === null ? null : e!,
    }));
  }

  private async followsByPosition(sql: string, values: (string | number)[]): Promise<FollowRow[]> {
    const [rows] = await this.pool.execute<RowDataPacket[][]>({ sql, values, rowsAsArray: true });
    return (rows as unknown[][]).map(toFollowRow);
  }

  private async rows<Row>(sql: string, parameters: (string | number)[] = []): Promise<Row[]> {
    const [rows] = await this.pool.execute<RowDataPacket[]>(sql, parameters);
    return rows as Row[];
  }

  private async count(sql: string, parameters: (string | number)[]): Promise<number> {
    const [{ total } = { total: 0 }] = await this.rows<{ total: number }>(sql, parameters);
    return total;
  }

  private remembered(sql: string, parameters: (string | number)[]): Promise<number> {
    const key = `${sql} ${parameters.join()}`;
    const known = this.totals.get(key) ?? this.count(sql, parameters);
    this.totals.set(key, known);
    return known;
  }
}

const uri = (process.env.DATABASE_URL ?? '').replace(/^mariadb:/, 'mysql:');
void serveByHand(new MysqlStore(createPool({ uri, connectionLimit: 10 })), tuned > 0);
