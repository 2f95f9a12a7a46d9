import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../../http/output/paginator';
import { Encoded } from '../../http/output/json';
import { paginate, PageReply } from '../../http/output/paginator';
import type { TagsAndEmployees } from '../kept/tags-and-employees';
import { ContactReply, FollowColumns, FollowReply, TagReply, toFollowReply } from '../rows.reply';
import { tagIdsOf } from '../tag-ids';

class EmployeeOptionReply {
  @ApiProperty({ description: '成员 userid / employee', example: 'SunXinJian' })
  user_id: string;

  @ApiProperty({ description: '姓名 / name', example: '孙新建' })
  name: string;
}

/** The answer of getList (CONTRACT 2.3): a page of follows, and the enterprise's tags and employees to filter by. */
export class FollowListReply<Row extends FollowReply = FollowReply> extends PageReply {
  @ApiProperty({ description: '客户与成员的关系，id 倒序 / follows, id descending', type: [FollowReply] })
  declare data: Row[] | Encoded;

  @ApiProperty({ description: '同 total / the same as total', example: 45 })
  count: number;

  @ApiProperty({ description: '企业全部标签，id 倒序 / all tags, id descending', type: [TagReply] })
  tag: TagReply[] | Encoded;

  @ApiProperty({
    description: '企业全部成员，user_id 升序 / all employees, user_id ascending',
    type: [EmployeeOptionReply],
  })
  employee: EmployeeOptionReply[] | Encoded;

  @ApiProperty({
    description: '仅当 BUSINESS_IS_BINDING=true / only with BUSINESS_IS_BINDING=true',
    type: Number,
    required: false,
    example: 1,
  })
  is_binding?: 1;
}

/** A lost follow: the row of getList and when it was lost. */
export class LostFollowReply extends FollowReply {
  @ApiProperty({ description: '流失时间 UTC+8，未知为空 / lost, empty if unknown', example: '2021-10-08 10:00:00' })
  loss_time: string;
}

/** The answer of myLossCustomerList (CONTRACT 2.4). */
export class LossListReply extends FollowListReply<LostFollowReply> {
  @ApiProperty({ description: '已流失的跟进，id 倒序 / lost follows, id descending', type: [LostFollowReply] })
  declare data: LostFollowReply[] | Encoded;
}

/** A row of `pageRows`: a follow and its contact, whose columns are all null when it is gone. */
export interface FollowRow {
  wechat_follow: FollowColumns;
  wechat_customer: ContactReply | { id: null };
}

/** A row of `pageRows` that has `lost_at`, too. */
export interface LostFollowRow extends FollowRow {
  wechat_follow: FollowColumns & { lost_at: string | null };
}

/** @param isBinding adds `is_binding`, without which the old front hides its member columns */
export function toFollowListReply<Row, Reply extends FollowReply>(
  page: Page<Row>,
  lists: TagsAndEmployees,
  toReply: (row: Row, lists: TagsAndEmployees) => Reply,
  isBinding: boolean,
): FollowListReply<Reply> & { data: Reply[] } {
  const reply = { ...paginate(page, (row) => toReply(row, lists)), count: page.total, ...lists.encoded };
  return isBinding ? { ...reply, is_binding: 1 } : reply;
}

/** A row of getList (CONTRACT 2.3). */
export function toListedFollow({ wechat_follow, wechat_customer }: FollowRow, lists: TagsAndEmployees): FollowReply {
  const contact = wechat_customer.id === null ? null : wechat_customer;
  const employee = lists.employees.get(wechat_follow.userid) ?? null;
  return toFollowReply(wechat_follow, tagNames(tagIdsOf(wechat_follow.tag_id), lists), contact, employee);
}

/** A row of myLossCustomerList (CONTRACT 2.4). */
export function toLostFollow({ wechat_follow, ...row }: LostFollowRow, lists: TagsAndEmployees): LostFollowReply {
  const { lost_at, ...follow } = wechat_follow;
  return { ...toListedFollow({ wechat_follow: follow, ...row }, lists), loss_time: lost_at ?? '' };
}

/** The names in the order of the tag list; ids of unknown or deleted tags are skipped. */
function tagNames(tagIds: string[], { tags, tagPositions }: TagsAndEmployees): string[] {
  const positions = new Set(tagIds.flatMap((tagId) => tagPositions.get(tagId) ?? []));
  return [...positions].sort((a, b) => a - b).map((position) => tags[position]!.name);
}
