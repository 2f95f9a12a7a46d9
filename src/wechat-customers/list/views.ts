import type { ManagedEnterprise } from '../../enterprise/tenant';
import { FOLLOW_COLUMNS, FollowReply } from '../rows.reply';
import type { Scope } from './filter';
import type { TagsAndEmployees } from '../kept/tags-and-employees';
import { FollowRow, LostFollowReply, LostFollowRow, toListedFollow, toLostFollow } from './list.reply';

/** A list of follows: its scope, which no search widens, and how its rows are read and shown. */
export interface View<Row, Reply extends FollowReply> {
  scope: (enterprise: ManagedEnterprise) => Scope;
  /** The columns of a follow that a row is read with. */
  columns: string[];
  toReply: (row: Row, lists: TagsAndEmployees) => Reply;
}

const LOST = -1;

/** getList: all follows of the enterprise. */
export const ALL: View<FollowRow, FollowReply> = {
  scope: () => ({}),
  columns: FOLLOW_COLUMNS,
  toReply: toListedFollow,
};

/** myCustomerList: those of the employee that the user is. */
export const MINE: View<FollowRow, FollowReply> = { ...ALL, scope: ({ userid }) => ({ owner: userid }) };

/** myLossCustomerList: the lost ones among them, with the time. */
export const MY_LOST: View<LostFollowRow, LostFollowReply> = {
  scope: ({ userid }) => ({ owner: userid, status: LOST }),
  columns: [...FOLLOW_COLUMNS, 'lost_at'],
  toReply: toLostFollow,
};
