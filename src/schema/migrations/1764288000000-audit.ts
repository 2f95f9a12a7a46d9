import { MigrationInterface, QueryRunner, Table, TableColumnOptions } from 'typeorm';
import { bigint, generatedId, integer, text, useBinaryUtf8, varchar } from './columns';

const nullable = (column: TableColumnOptions) => ({ ...column, isNullable: true });

const auditEntry = new Table({
  name: 'audit_entry',
  columns: [
    generatedId('pk_audit_entry'),
    varchar('at', 19),
    varchar('kind', 16),
    varchar('action', 16),
    nullable(bigint('actor_id')),
    nullable(varchar('actor', 80)),
    nullable(varchar('address', 45)),
    nullable(bigint('user_id')),
    nullable(bigint('customer_id')),
    nullable(integer('enterprise_id')),
    text('changes'),
  ],
  indices: [{ name: 'ix_audit_entry_subject', columnNames: ['user_id', 'customer_id'] }],
});

/**
 * One audit log for everything. The one of relations, `user_customer_audit`, stays as it is: it may have millions of rows, which `audit`
 * reads there, and processes of the version before still write to it.
 */
export class Audit1764288000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    await queryRunner.createTable(auditEntry.clone(), true);
    await useBinaryUtf8(queryRunner, [auditEntry.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(auditEntry.name, true, false, false); // one statement, its index goes with it
  }
}
