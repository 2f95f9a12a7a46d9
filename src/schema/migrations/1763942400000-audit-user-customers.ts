import { MigrationInterface, QueryRunner, Table, TableIndex } from 'typeorm';
import { bigint, generatedId, text, useBinaryUtf8, varchar } from './columns';

const userCustomerAudit = new Table({
  name: 'user_customer_audit',
  columns: [
    generatedId('pk_user_customer_audit'),
    varchar('at', 19),
    bigint('actor_id'),
    varchar('action', 8),
    bigint('user_id'),
    bigint('customer_id'),
    varchar('fields', 64),
    { ...text('old_template'), isNullable: true },
    { ...text('new_template'), isNullable: true },
    { ...text('old_script'), isNullable: true },
    { ...text('new_script'), isNullable: true },
    { ...varchar('old_reference', 255), isNullable: true },
    { ...varchar('new_reference', 255), isNullable: true },
  ],
  indices: [{ name: 'ix_user_customer_audit_relation', columnNames: ['user_id', 'customer_id'] }],
});

const failedAttemptTime = new TableIndex({ name: 'ix_failed_attempt_time', columnNames: ['failed_at'] });

/** Who changed which relation of family A, and what it was before; wrong guesses are cleared away by their time. */
export class AuditUserCustomers1763942400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(userCustomerAudit.clone());
    await useBinaryUtf8(queryRunner, [userCustomerAudit.name]);
    await queryRunner.createIndex('failed_attempt', failedAttemptTime);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('failed_attempt', failedAttemptTime);
    await queryRunner.dropTable(userCustomerAudit.name);
  }
}
