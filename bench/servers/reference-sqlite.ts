import Database from 'better-sqlite3';
import { AuditLine, Known, Lists, NewRelation, Search, SessionRow, serveByHand, Store, Tenant } from './by-hand';
import { RELATION, select, TAG, toFollowRow } from './columns';
import { FOLLOW_SQL, followFilter, JOIN_CUSTOMER } from './follow-filter';

const RELATION_SQL = `SELECT ${RELATION.join(', ')} FROM user_customer`;

const INSERT_RELATION =
  'INSERT INTO user_customer (user_id, customer_id, template, script, reference, created) ' +
  'VALUES (@user_id, @customer_id, @template, @script, @reference, @created)';

const INSERT_AUDIT =
  'INSERT INTO audit_entry (at, kind, action, actor_id, actor, user_id, customer_id, changes) ' +
  "VALUES (@at, 'relation', 'add', @actor_id, @actor, @user_id, @customer_id, @changes)";

/** The reference on SQLite: prepared statements of better-sqlite3, with the product's way of opening the file. */
class SqliteStore implements Store {
  private readonly statements = new Map<string, Database.Statement<unknown[]>>();
  private readonly insertBoth: (row: NewRelation, audit: AuditLine) => void;

  constructor(private readonly database: Database.Database) {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('busy_timeout = 5000');
    database.function('lower', { deterministic: true }, (value) =>
      value === null ? null : String(value).toLowerCase(),
    );
    this.insertBoth = database.transaction((row: NewRelation, audit: AuditLine) => {
      this.prepare(INSERT_RELATION).run(row);
      this.prepare(INSERT_AUDIT).run(audit);
    });
  }

  async sessions(): Promise<SessionRow[]> {
    return this.prepare(
      'SELECT s.token_hash, s.user_id, u.username, u.is_super, x.uniacid, x.business_id FROM session s ' +
        'JOIN user u ON u.user_id = s.user_id LEFT JOIN enterprise_choice x ON x.user_id = s.user_id',
    ).all() as SessionRow[];
  }

  async lists({ uniacid, enterpriseId }: Tenant): Promise<Lists> {
    const tags = `SELECT ${select('t', TAG)} FROM wechat_tag t WHERE uniacid = ? AND crop_id = ? ORDER BY id DESC`;
    const employees =
      'SELECT user_id, name FROM wechat_employee WHERE uniacid = ? AND business_id = ? ORDER BY user_id';
    return {
      tags: this.prepare(tags).all(uniacid, enterpriseId) as Lists['tags'],
      employees: this.prepare(employees).all(uniacid, enterpriseId) as object[],
    };
  }

  relation(userId: number, customerId: number) {
    const statement = this.prepare(`${RELATION_SQL} WHERE user_id = ? AND customer_id = ?`);
    return statement.get(userId, customerId) as object | undefined;
  }

  relations(userId: number | undefined, limit: number, offset: number) {
    const where = userId === undefined ? '' : 'WHERE user_id = ?';
    const parameters = userId === undefined ? [] : [userId];
    const order = 'ORDER BY created DESC, customer_id DESC, user_id DESC';
    const rows = this.prepare(`${RELATION_SQL} ${where} ${order} LIMIT ? OFFSET ?`).all(...parameters, limit, offset);
    return { rows: rows as object[], total: this.count(`FROM user_customer ${where}`, parameters) };
  }

  lookUp(userId: number, customerId: number, subject: string, since: number) {
    const sql =
      'SELECT c.secret, r.customer_id AS followed, ' +
      '(SELECT COUNT(*) FROM failed_attempt WHERE subject = ? AND failed_at > ?) AS failed ' +
      'FROM user u LEFT JOIN customer c ON c.customer_id = ? ' +
      'LEFT JOIN user_customer r ON r.user_id = u.user_id AND r.customer_id = c.customer_id WHERE u.user_id = ?';
    return this.prepare(sql).get(subject, since, customerId, userId) as Known | undefined;
  }

  insert(row: NewRelation, audit?: AuditLine): void {
    if (audit) this.insertBoth(row, audit);
    else this.prepare(INSERT_RELATION).run(row);
  }

  follows(tenant: Tenant, search: Search, limit: number, offset: number) {
    const { where, parameters, needsCustomer } = followFilter(tenant, search);
    const page = this.prepare(`${FOLLOW_SQL} WHERE ${where} ORDER BY f.id DESC LIMIT ? OFFSET ?`);
    const rows = page.raw().all(...parameters, limit, offset) as unknown[][];
    const join = needsCustomer ? JOIN_CUSTOMER : '';
    const total = this.count(`FROM wechat_follow f ${join} WHERE ${where}`, parameters);
    return { rows: rows.map(toFollowRow), total };
  }

  private count(from: string, parameters: (string | number)[]): number {
    return this.prepare(`SELECT COUNT(*) ${from}`)
      .pluck()
      .get(...parameters) as number;
  }

  private prepare(sql: string): Database.Statement<unknown[]> {
    const statement = this.statements.get(sql) ?? this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

const file = (process.env.DATABASE_URL ?? '').replace(/^sqlite:/, '');
void serveByHand(new SqliteStore(new Database(file)), false);
