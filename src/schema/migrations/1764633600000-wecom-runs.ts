import { MigrationInterface, QueryRunner, Table, TableColumnOptions } from 'typeorm';
import { bigint, generatedId, integer, primary, text, tinyint, useBinaryUtf8, varchar, wallClock } from './columns';

const counter = (name: string) => bigint(name, { default: 0 });
const nullable = (column: TableColumnOptions) => ({ ...column, isNullable: true });

const run = new Table({
  name: 'wecom_run',
  columns: [
    generatedId('pk_wecom_run'),
    integer('uniacid'),
    integer('enterprise_id'),
    varchar('corp_id', 64, ''),
    varchar('state', 8, 'running'),
    varchar('stage', 12, 'lists'),
    tinyint('confirmed', 0),
    wallClock('started_at'),
    wallClock('ended_at'),
    integer('resumed', { default: 0 }),
    counter('follows_seen'),
    counter('follows_new'),
    counter('follows_changed'),
    counter('follows_lost'),
    counter('follows_returned'),
    counter('would_lose'),
    wallClock('waiting_until'),
    varchar('error', 255, ''),
    varchar('lease_owner', 36, ''),
    counter('lease_until'),
  ],
  indices: [
    { name: 'ix_wecom_run_enterprise', columnNames: ['enterprise_id', 'id'] },
    { name: 'ix_wecom_run_state', columnNames: ['state', 'lease_until'] },
  ],
});

const employee = new Table({
  name: 'wecom_run_employee',
  columns: [
    primary(integer('run_id'), 'pk_wecom_run_employee'),
    primary(varchar('userid', 64), 'pk_wecom_run_employee'),
    varchar('state', 8, 'waiting'),
    nullable(text('cursor')),
    counter('begun_revision'),
    counter('begun_at'),
    integer('restarts', { default: 0 }),
    integer('errcode', { default: 0 }),
    varchar('msg', 255, ''),
  ],
});

const seen = new Table({
  name: 'wecom_run_seen',
  columns: [primary(integer('run_id'), 'pk_wecom_run_seen'), primary(integer('follow_id'), 'pk_wecom_run_seen')],
});

/** The runs of the sync, where each employee's list stands, and which follows a run has seen. */
export class WecomRuns1764633600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    for (const table of [run, employee, seen]) await queryRunner.createTable(table.clone(), true);
    await useBinaryUtf8(queryRunner, [run.name, employee.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [seen, employee, run]) await queryRunner.dropTable(table.name, true, false, false);
  }
}
