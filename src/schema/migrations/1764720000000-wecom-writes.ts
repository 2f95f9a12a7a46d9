import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { bigint, integer, primary, text, useBinaryUtf8, varchar, wallClock } from './columns';

const write = new Table({
  name: 'wecom_write',
  columns: [
    primary(integer('follow_id'), 'pk_wecom_write'),
    integer('uniacid'),
    integer('enterprise_id'),
    text('changes'),
    bigint('actor_id', { isNullable: true }),
    { ...varchar('actor', 80), isNullable: true },
    varchar('lease_owner', 36, ''),
    bigint('lease_until', { default: 0 }),
    integer('tries', { default: 0 }),
    wallClock('created_at'),
  ],
  indices: [{ name: 'ix_wecom_write_lease', columnNames: ['lease_until'] }],
});

/** The changes of follows that are being written to WeCom: one a follow at a time. */
export class WecomWrites1764720000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    await queryRunner.createTable(write.clone(), true);
    await useBinaryUtf8(queryRunner, [write.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(write.name, true, false, false); // one statement, its index goes with it
  }
}
