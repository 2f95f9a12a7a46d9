import { MigrationInterface, QueryRunner, TableColumn, TableColumnOptions, TableIndex } from 'typeorm';
import { text, tinyint, useBinaryUtf8, varchar, wallClock } from './columns';

const nullable = (column: TableColumnOptions) => ({ ...column, isNullable: true });

/** What the clients of the two original systems show and send. */
const columns: Record<string, TableColumnOptions[]> = {
  customer: [
    varchar('description', 1024, ''),
    varchar('exp_id', 64, ''),
    varchar('province', 64, ''),
    varchar('city', 64, ''),
    varchar('address', 255, ''),
    varchar('phone', 64, ''),
    varchar('contact', 255, ''),
    varchar('mobile', 32, ''),
    varchar('email', 255, ''),
    nullable(text('template')),
    nullable(text('script')),
    varchar('reference', 255, ''),
    wallClock('created'),
  ],
  enterprise: [varchar('logo_img', 1024, '')],
  enterprise_right: [varchar('userid', 64, '')],
  wechat_follow: [wallClock('lost_at')],
  wechat_tag: [tinyint('type', 1)],
};

const indices: Record<string, { name: string; columnNames: string[] }> = {
  user: { name: 'ix_user_mobile', columnNames: ['mobile'] },
  customer: { name: 'ix_customer_created', columnNames: ['created', 'customer_id'] },
  wechat_follow: { name: 'ix_follow_contact', columnNames: ['uniacid', 'crop_id', 'external_userid'] },
};

/**
 * Columns and indices for the clients of the original systems. MySQL commits each statement at once, so a run that was
 * killed is continued: what is there already is left alone.
 */
export class OldClients1764115200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, added] of Object.entries(columns)) {
      const table = await queryRunner.getTable(name);
      const missing = added.filter((column) => !table?.findColumnByName(column.name));
      if (missing.length > 0) {
        await queryRunner.addColumns(
          name,
          missing.map((column) => new TableColumn(column)),
        );
      }
    }
    // A TEXT names its character set and so gets that set's own collation; a new VARCHAR gets the table's.
    await useBinaryUtf8(queryRunner, ['customer']);
    for (const [name, index] of Object.entries(indices)) {
      const table = await queryRunner.getTable(name);
      const isThere = table?.indices.some((known) => known.name === index.name);
      if (!isThere) await queryRunner.createIndex(name, new TableIndex(index));
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name, index] of Object.entries(indices)) {
      const table = await queryRunner.getTable(name);
      const isThere = table?.indices.some((known) => known.name === index.name);
      if (isThere) await queryRunner.dropIndex(name, index.name);
    }
    for (const [name, added] of Object.entries(columns)) {
      const table = await queryRunner.getTable(name);
      const present = added.filter((column) => table?.findColumnByName(column.name));
      if (present.length > 0) {
        await queryRunner.dropColumns(
          name,
          present.map((column) => column.name),
        );
      }
    }
  }
}
