import { MigrationInterface, QueryRunner, Table, TableColumn, TableColumnOptions } from 'typeorm';
import { bigint, generatedId, integer, tinyint, useBinaryUtf8, varchar } from './columns';

const columns: Record<string, TableColumnOptions[]> = {
  wechat_follow: [
    varchar('lost_by', 16, ''),
    bigint('touched_revision', { default: 0 }),
    bigint('event_time', { default: 0 }),
  ],
  wechat_tag: [tinyint('is_linked', 1)],
};

const wechatFollowHistory = new Table({
  name: 'wechat_follow_history',
  columns: [
    generatedId('pk_wechat_follow_history'),
    integer('uniacid'),
    integer('crop_id'),
    integer('follow_id'),
    varchar('event', 16),
    varchar('by', 16),
    varchar('at', 19),
  ],
  indices: [{ name: 'ix_follow_history', columnNames: ['uniacid', 'crop_id', 'follow_id'] }],
});

/**
 * What became of follows, and who changed them last. MySQL commits each statement at once, so a run that was killed is
 * continued: what is there already is left alone.
 */
export class FollowHistory1764460800000 implements MigrationInterface {
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
    await queryRunner.createTable(wechatFollowHistory.clone(), true);
    await useBinaryUtf8(queryRunner, [wechatFollowHistory.name]);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(wechatFollowHistory.name, true, false, false); // one statement, its index goes with it
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
