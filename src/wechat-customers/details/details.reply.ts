import { ApiProperty } from '@nestjs/swagger';
import { rowOf } from '../../database/columns';
import { Contact } from '../entities/contact.entity';
import { Employee } from '../entities/employee.entity';
import { Follow } from '../entities/follow.entity';
import { Tag, TAG_TYPES } from '../entities/tag.entity';
import {
  CONTACT_COLUMNS,
  ContactReply,
  EMPLOYEE_COLUMNS,
  EmployeeReply,
  FOLLOW_COLUMNS,
  FollowColumns,
  FollowReply,
  toFollowReply,
} from '../rows.reply';

/** The answer of getDetails: the row of getList, and what its tags say together (CONTRACT 2.4). */
export class DetailsReply extends FollowReply {
  @ApiProperty({ description: '标签组名称，逗号分隔 / names of the tag groups joined by commas', example: '客户等级' })
  group_name: string;

  @ApiProperty({
    description: '有成员自建的标签为 2，否则 1 / 2 with a tag of an employee’s own, otherwise 1',
    example: 1,
  })
  type: number;
}

/** @param tags of the follow, id descending */
export function toDetailsReply({ hasOneCustomer, hasOneEmployee, ...follow }: Follow, tags: Tag[]): DetailsReply {
  const groups = new Set(tags.flatMap(({ groupName }) => groupName || []));
  const row = toFollowReply(
    rowOf<FollowColumns>(Follow, FOLLOW_COLUMNS, follow),
    tags.map(({ name }) => name),
    hasOneCustomer ? rowOf<ContactReply>(Contact, CONTACT_COLUMNS, hasOneCustomer) : null,
    hasOneEmployee ? rowOf<EmployeeReply>(Employee, EMPLOYEE_COLUMNS, hasOneEmployee) : null,
  );
  const isEmployees = tags.some(({ type }) => type === TAG_TYPES.employee);
  const type = isEmployees ? TAG_TYPES.employee : TAG_TYPES.enterprise;
  return { ...row, group_name: [...groups].join(','), type };
}
