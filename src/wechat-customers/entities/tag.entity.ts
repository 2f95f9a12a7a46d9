import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { DeletedAt } from './deleted-at';

/** As in WeCom: a tag is the enterprise's, or an employee's own. */
export const TAG_TYPES = { enterprise: 1, employee: 2 } as const;

/** A tag of an enterprise, with the group it belongs to. */
@Entity('wechat_tag')
@Index('uq_wechat_tag', ['uniacid', 'enterpriseId', 'tagId'], { unique: true })
export class Tag {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_tag' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'crop_id', type: 'integer' })
  enterpriseId: number;

  /** WeCom's id of the tag. */
  @Column({ name: 'tag_id', type: 'varchar', length: 64 })
  tagId: string;

  @Column({ type: 'varchar', length: 255 })
  name: string;

  /** Unix seconds. */
  @Column({ name: 'create_time', type: 'bigint', default: 0 })
  createTime: number;

  @Column({ type: 'bigint', default: 0 })
  order: number;

  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  @DeletedAt()
  deletedAt: string | null;

  @Column({ name: 'group_id', type: 'varchar', length: 64, default: '' })
  groupId: string;

  @Column({ name: 'group_name', type: 'varchar', length: 255, default: '' })
  groupName: string;

  /** One of {@link TAG_TYPES}. Not on the wire of getList. */
  @Column({ type: 'tinyint', default: 1 })
  type: number;

  /** 0 while follows that named the id before the tag was known may lack their link. Not on the wire. */
  @Column({ name: 'is_linked', type: 'tinyint', default: 1 })
  isLinked: number;
}
