import { MigrationInterface, QueryRunner, Table, TableColumnOptions } from 'typeorm';
import { bigint, integer, primary, useBinaryUtf8, varchar, wallClock } from './columns';

const nullable = (column: TableColumnOptions) => ({ ...column, isNullable: true });

const wecomCorp = new Table({
  name: 'wecom_corp',
  columns: [
    primary(integer('enterprise_id'), 'pk_wecom_corp'),
    integer('uniacid'),
    varchar('corp_id', 64),
    nullable(bigint('agent_id')),
    varchar('secret', 512),
    varchar('callback_token', 255, ''),
    varchar('callback_aes_key', 255, ''),
    varchar('contacts_token', 255, ''),
    varchar('contacts_aes_key', 255, ''),
    varchar('pair', 64),
    wallClock('updated_at'),
  ],
});

const wecomToken = new Table({
  name: 'wecom_token',
  columns: [
    primary(varchar('pair', 64), 'pk_wecom_token'),
    varchar('token', 2048, ''),
    bigint('use_until', { default: 0 }),
    varchar('lease_owner', 36, ''),
    bigint('lease_until', { default: 0 }),
    integer('refused_code', { default: 0 }),
    bigint('refused_until', { default: 0 }),
  ],
});

const tables = [wecomCorp, wecomToken];

/** Access to WeCom: the credentials of enterprises, and the access tokens that their processes share. */
export class WecomCorps1764374400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    for (const table of tables) await queryRunner.createTable(table.clone(), true);
    await useBinaryUtf8(
      queryRunner,
      tables.map(({ name }) => name),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of tables.toReversed()) await queryRunner.dropTable(name, true, false, false);
  }
}
