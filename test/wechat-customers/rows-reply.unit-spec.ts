import {
  CONTACT_COLUMNS,
  ContactReply,
  EMPLOYEE_COLUMNS,
  EmployeeReply,
  FOLLOW_COLUMNS,
  FollowReply,
  TAG_COLUMNS,
  TagReply,
} from '../../src/wechat-customers/rows.reply';

/** The fields of a reply, in the order of its class. */
function documented(reply: new () => object): string[] {
  const fields = Reflect.getMetadata('swagger/apiModelPropertiesArray', reply.prototype) as string[];
  return fields.map((field) => field.slice(1));
}

describe('columns read are the fields of the reply, in the order of the contract', () => {
  test.each([
    ['follow', FollowReply, [...FOLLOW_COLUMNS, 'tag_name', 'has_one_customer', 'has_one_employee']],
    ['contact', ContactReply, CONTACT_COLUMNS],
    ['employee', EmployeeReply, EMPLOYEE_COLUMNS],
    ['tag', TagReply, TAG_COLUMNS],
  ])('of a %s', (_what, reply, columns) => {
    expect(columns).toEqual(documented(reply));
  });
});
