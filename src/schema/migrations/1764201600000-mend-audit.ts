import { MigrationInterface, QueryRunner, TableIndex } from 'typeorm';

const failedAttemptTime = new TableIndex({ name: 'ix_failed_attempt_time', columnNames: ['failed_at'] });

/**
 * The index that the third migration makes since it was edited after its release: databases migrated before lack it, and
 * could not be taken back beyond that migration, which drops it.
 */
export class MendAudit1764201600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const table = await queryRunner.getTable('failed_attempt');
    const isThere = table?.indices.some(({ name }) => name === failedAttemptTime.name);
    if (!isThere) await queryRunner.createIndex('failed_attempt', failedAttemptTime);
  }

  /** The index stays: the third migration drops it. */
  async down(): Promise<void> {}
}
