import { Connection, createConnection } from 'mysql2/promise';
import { mariadb } from '../mariadb/databases';

/** Tables as docs/examples names them, in the character sets and types that old systems have. */
const TABLES = [
  `CREATE TABLE user (user_id BIGINT PRIMARY KEY, username VARCHAR(64), password VARCHAR(255), is_super BIT(1),
     is_available TINYINT, mobile VARCHAR(32) NULL, description TEXT, extension VARCHAR(32) DEFAULT '',
     email VARCHAR(64) DEFAULT '', address VARCHAR(64) DEFAULT '', reference VARCHAR(64) DEFAULT '', created DATETIME
   ) CHARSET gbk`,
  `CREATE TABLE customer (customer_id BIGINT PRIMARY KEY, name VARCHAR(255), description VARCHAR(255) DEFAULT '',
     secret VARCHAR(64), exp_id VARCHAR(64) DEFAULT '', province VARCHAR(64) DEFAULT '', city VARCHAR(64) DEFAULT '',
     address VARCHAR(255) DEFAULT '', phone VARCHAR(64) DEFAULT '', contact VARCHAR(255) CHARSET latin1 DEFAULT '',
     mobile BIGINT, email VARCHAR(255) DEFAULT '', template TEXT, script JSON, reference VARCHAR(255) DEFAULT '',
     created TIMESTAMP NULL) CHARSET utf8mb4`,
  `CREATE TABLE user_customer (user_id INT, customer_id BIGINT, template TEXT, script TEXT,
     reference VARCHAR(255) DEFAULT '', created DATETIME(3), is_available TINYINT DEFAULT 1, boss_sync TINYINT DEFAULT 0,
     PRIMARY KEY (user_id, customer_id)) CHARSET utf8mb4`,
  `CREATE TABLE ims_yz_wechat_tags (id INT PRIMARY KEY, uniacid INT, crop_id INT, tag_id VARCHAR(64), name VARCHAR(64),
     create_time INT, \`order\` INT, created_at DATETIME, updated_at DATETIME, deleted_at DATETIME,
     group_id VARCHAR(64), group_name VARCHAR(64)) CHARSET utf8mb4`,
  `CREATE TABLE ims_yz_business_staff (id INT PRIMARY KEY, uniacid INT, business_id INT, uid INT, user_id VARCHAR(64),
     name VARCHAR(64), mobile VARCHAR(32), position VARCHAR(64), gender INT, telephone VARCHAR(32), email VARCHAR(64),
     avatar VARCHAR(255), alias VARCHAR(64), status INT, qr_code VARCHAR(255), address VARCHAR(255),
     open_userid VARCHAR(64), main_department VARCHAR(64), updated_at DATETIME, created_at DATETIME, deleted_at DATETIME,
     right_type INT, disabled INT) CHARSET utf8mb4`,
  `CREATE TABLE ims_yz_wechat_customer_follow (id INT PRIMARY KEY, uniacid INT, crop_id INT, uid INT, userid VARCHAR(64),
     external_userid VARCHAR(64), remark VARCHAR(255), description TEXT, customer_create_time INT,
     remark_corp_name VARCHAR(255), remark_mobiles JSON, oper_userid VARCHAR(64), tag_id TEXT, createtime INT,
     add_way VARCHAR(16), state VARCHAR(64), status TINYINT, created_at DATETIME, updated_at DATETIME, deleted_at DATETIME
   ) CHARSET utf8mb4`,
  `CREATE TABLE ims_yz_wechat_customer (id INT PRIMARY KEY, uniacid INT, crop_id INT, uid INT, external_userid VARCHAR(64),
     name VARCHAR(255), avatar VARCHAR(255), external_type INT, gender INT, unionid VARCHAR(64), position VARCHAR(64),
     corp_name VARCHAR(64), corp_full_name VARCHAR(64), external_profile JSON, is_member INT, created_at DATETIME,
     updated_at DATETIME, deleted_at DATETIME, KEY (external_userid)) CHARSET utf8mb4`,
];

/** The MySQL database of an original, empty at first. */
export class OriginalTables {
  private constructor(
    readonly url: string,
    private readonly sql: Connection,
    private readonly drop: () => Promise<void>,
  ) {}

  static async create(): Promise<OriginalTables> {
    const database = await mariadb.create();
    const { hostname, port, username, password, pathname } = new URL(database.url);
    const sql = await createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: username,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      timezone: '+08:00',
    });
    await sql.query("SET time_zone = '+08:00', sql_mode = ''");
    for (const table of TABLES) await sql.query(table);
    return new OriginalTables(database.url, sql, () => database.drop());
  }

  async query(statement: string, values: unknown[] = []): Promise<void> {
    await this.sql.query(statement, values);
  }

  /** Adds rows, given by column. */
  async add(table: string, ...rows: object[]): Promise<void> {
    for (const row of rows) await this.query(`INSERT INTO ?? SET ?`, [table, row]);
  }

  async end(): Promise<void> {
    await this.sql.end();
    await this.drop();
  }
}
