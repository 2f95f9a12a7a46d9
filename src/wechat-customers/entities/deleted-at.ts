import { DeleteDateColumn } from 'typeorm';

/**
 * When a row was deleted, wall clock in UTC+8: `find` and relations pass over such rows. Written as any other column, since
 * TypeORM's `softDelete` would write the server's own clock.
 */
export const DeletedAt = () =>
  DeleteDateColumn({
    name: 'deleted_at',
    type: 'varchar',
    length: 19,
    nullable: true,
    precision: null, // or it gets the precision of a DATETIME on MySQL
  });
