import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** What becomes of a follow. */
export const FOLLOW_EVENTS = ['lost', 'returned'] as const;
export type FollowEvent = (typeof FOLLOW_EVENTS)[number];

/** Who ended a follow: the employee, the contact, a handover to another employee, or a sync that found it gone. */
export const LOSERS = ['member', 'customer', 'transfer', 'sync'] as const;
export type Loser = (typeof LOSERS)[number];

/** By what a return was found. */
export const FINDERS = ['sync', 'event'] as const;
export type Finder = (typeof FINDERS)[number];

/** A follow was lost, or returned. */
@Entity('wechat_follow_history')
@Index('ix_follow_history', ['uniacid', 'enterpriseId', 'followId'])
export class FollowHistory {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_history' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'crop_id', type: 'integer' })
  enterpriseId: number;

  /** The key of the follow. */
  @Column({ name: 'follow_id', type: 'integer' })
  followId: number;

  @Column({ type: 'varchar', length: 16 })
  event: FollowEvent;

  @Column({ type: 'varchar', length: 16 })
  by: Loser | Finder;

  /** Wall clock in UTC+8. */
  @Column({ type: 'varchar', length: 19 })
  at: string;
}
