import { DeleteDateColumn } from 'typeorm';

/**
 * When a row was deleted, wall clock in UTC+8; `find` and relations skip such rows. It is written like any other
 * column, because TypeORM's `softDelete` writes the server's own clock.
 */
export const DeletedAt = () =>
  DeleteDateColumn({
    name: 'deleted_at',
    type: 'varchar',
    length: 19,
    nullable: true,
    precision: null, // otherwise TypeORM gives it a DATETIME's precision on MySQL
  });
