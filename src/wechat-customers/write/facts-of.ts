import type { Follow } from '../entities/follow.entity';
import type { Facts } from '../search-index/facts';

/** The facts of a follow that is in memory. @param name of its live contact; null without one */
export const factsOf = (follow: Follow, name: string | null, tagPks: number[]): Facts => ({
  id: follow.id,
  userid: follow.userid,
  createtime: follow.createtime,
  status: follow.status,
  add_way: follow.addWay,
  external_type: follow.externalType,
  customer_uid: follow.customerUid,
  name,
  remark: follow.remark,
  tagPks,
});
