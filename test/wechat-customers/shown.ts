/** The filters of `search[…]` that speak of a row. */
export interface Search {
  customer?: string;
  member?: number;
  add_way_type?: number;
  tags_data?: string;
  tags_mode?: 'any' | 'all' | 'exclude' | 'none';
  employee_member?: string;
  type?: number;
  status?: number;
  time?: [from: number | '', to: number | ''];
  remark?: string;
}

/** Whether a row of getList satisfies a search by what the row itself shows (CONTRACT 2.3). */
export function satisfies(row: any, search: Search, tagIds: string[]): boolean {
  const { customer, member, type, add_way_type, employee_member, status, time = ['', ''], remark } = search;
  const contact = row.has_one_customer;
  const contains = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  return [
    customer === undefined || (contact && (contains(contact.name, customer) || contact.external_userid === customer)),
    member === undefined || contact?.uid === member,
    type === undefined || contact?.external_type === type,
    add_way_type === undefined || row.add_way === String(add_way_type),
    employee_member === undefined || row.userid === employee_member,
    status === undefined || row.status === status,
    time[0] === '' || row.createtime >= time[0],
    time[1] === '' || row.createtime <= time[1],
    remark === undefined || contains(row.remark, remark),
    satisfiesTags(row, search, tagIds),
  ].every(Boolean);
}

/** @param tagIds all tags of the enterprise: another one on a row counts for nothing */
function satisfiesTags({ tag_id }: any, { tags_data, tags_mode = 'any' }: Search, tagIds: string[]): boolean {
  const worn: string[] = tag_id.split(',').filter((id: string) => tagIds.includes(id));
  if (tags_mode === 'none') return worn.length === 0;
  const asked = tags_data?.split(',') ?? [];
  if (asked.length === 0) return true;
  if (tags_mode === 'all') return asked.every((id) => worn.includes(id));
  return asked.some((id) => worn.includes(id)) === (tags_mode === 'any');
}
