import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { bigint, integer, primary, text, useBinaryUtf8, varchar, wallClock } from './columns';

const PK = 'pk_import_checkpoint';
const counter = (name: string) => bigint(name, { default: 0 });

const checkpoint = new Table({
  name: 'import_checkpoint',
  columns: [
    primary(varchar('kind', 16), PK),
    primary(integer('uniacid'), PK),
    primary(integer('enterprise_id'), PK),
    primary(varchar('source', 255), PK),
    { ...text('next'), isNullable: true },
    counter('rows_new'),
    counter('rows_changed'),
    counter('rows_equal'),
    counter('rows_refused'),
    text('reasons'),
    varchar('refused_file', 1024, ''),
    counter('refused_bytes'),
    counter('reasons_bytes'),
    wallClock('started_at'),
    wallClock('updated_at'),
    varchar('lease_owner', 36, ''),
    counter('lease_until'),
  ],
});

/** Where imports that are under way stand. */
export class ImportCheckpoint1764806400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind.
    await queryRunner.createTable(checkpoint.clone(), true);
    await useBinaryUtf8(queryRunner, [checkpoint.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(checkpoint.name, true, false, false);
  }
}
