import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { bigint, generatedId, integer, text, tinyint, useBinaryUtf8, varchar } from './columns';

const wecomEvent = new Table({
  name: 'wecom_event',
  columns: [
    generatedId('pk_wecom_event'),
    integer('uniacid'),
    integer('enterprise_id'),
    varchar('digest', 64),
    varchar('change_type', 80),
    varchar('userid', 64, ''),
    varchar('external_userid', 64, ''),
    text('fields'),
    bigint('event_time'),
    varchar('subject', 80, ''),
    tinyint('is_asking', 0),
    varchar('state', 16),
    integer('tries', { default: 0 }),
    bigint('next_at', { default: 0 }),
    bigint('pending_since', { default: 0 }),
    bigint('asked_at', { default: 0 }),
    varchar('lease', 36, ''),
    bigint('lease_until', { default: 0 }),
    integer('duplicates', { default: 0 }),
    varchar('reason', 255, ''),
    varchar('received_at', 19),
  ],
  indices: [
    { name: 'uq_wecom_event', columnNames: ['uniacid', 'enterprise_id', 'digest'], isUnique: true },
    { name: 'ix_wecom_event_due', columnNames: ['state', 'next_at'] },
    { name: 'ix_wecom_event_subject', columnNames: ['uniacid', 'enterprise_id', 'subject'] },
    {
      name: 'ix_wecom_event_count',
      columnNames: ['uniacid', 'enterprise_id', 'received_at', 'state', 'duplicates'],
    },
    { name: 'ix_wecom_event_received', columnNames: ['received_at'] },
  ],
});

/** The inbox of what WeCom posts. */
export class WecomEvents1764547200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    await queryRunner.createTable(wecomEvent.clone(), true);
    await useBinaryUtf8(queryRunner, [wecomEvent.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(wecomEvent.name, true, false, false); // one statement, its indices go with it
  }
}
