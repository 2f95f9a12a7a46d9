import type { ManagedEnterprise } from '../../enterprise/tenant';
import { FOLLOW_COLUMNS, FollowReply } from '../rows.reply';
import type { Scope } from './filter';
import type { TagsAndEmployees } from '../kept/tags-and-employees';
import { FollowRow, toListedFollow, toLostFollow } from './list.reply';

/** A list of follows: which it is bound to whatever the search, and what a row is read and shown with. */
export interface View {
  scope: (enterprise: ManagedEnterprise) => Scope;
  columns: string[];
  toReply: (row: FollowRow, lists: TagsAndEmployees) => FollowReply;
}

const LOST = -1;

/** getList: all follows of the enterprise. */
export const ALL: View = { scope: () => ({}), columns: FOLLOW_COLUMNS, toReply: toListedFollow };

/** myCustomerList: those of the employee that the user is. */
export const MINE: View = { ...ALL, scope: ({ userid }) => ({ owner: userid }) };

/** myLossCustomerList: the lost ones among them, with the time. */
export const MY_LOST: View = {
  scope: ({ userid }) => ({ owner: userid, status: LOST }),
  columns: [...FOLLOW_COLUMNS, 'lost_at'],
  toReply: toLostFollow,
};
