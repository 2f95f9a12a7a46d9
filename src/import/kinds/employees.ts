import { assertStorable } from '../../database/storable';
import { Employee } from '../../wechat-customers/entities/employee.entity';
import { MOVED_EMPLOYEES } from '../../wechat-customers/write/moved-lists';
import { comparingList } from '../targets/lists';
import { Fields, notDeleted, number, readRow, required, rowId, text, time } from './fields';
import { itself, itsId, Kind } from './kind';
import { ofTenant, tenantFields } from './tenant';

const FIELDS: Fields = {
  id: rowId('id', '成员表id'),
  ...tenantFields('business_id'),
  uid: number('memberUid', '系统会员id'),
  user_id: required(text('userid', '成员id')),
  name: text('name', '成员名称'),
  mobile: text('mobile', '手机号'),
  position: text('position', '职位'),
  gender: number('gender', '性别'),
  telephone: text('telephone', '电话'),
  email: text('email', '邮箱'),
  avatar: text('avatar', '头像'),
  alias: text('alias', '别名'),
  status: number('status', '状态'),
  qr_code: text('qrCode', '二维码'),
  address: text('address', '地址'),
  open_userid: text('openUserid', '成员open_userid'),
  main_department: text('mainDepartment', '主部门'),
  updated_at: time('updatedAt', '更新时间'),
  created_at: time('createdAt', '创建时间'),
  deleted_at: notDeleted,
  right_type: number('rightType', '权限类型'),
  disabled: number('disabled', '停用'),
};

type GivenEmployee = Partial<Employee> & Pick<Employee, 'userid'>;

/** The employees of an enterprise (`has_one_employee` of CONTRACT 2.3). */
export const employees: Kind<GivenEmployee> = {
  isOfEnterprise: true,
  fields: FIELDS,
  read: (row, { metadataOf, tenant }) => {
    const employee = ofTenant(readRow(FIELDS, row) as unknown as GivenEmployee, tenant!);
    assertStorable(metadataOf(Employee), employee);
    return employee;
  },
  said: (row) => [itself(`employee ${row.userid}`, row), ...itsId('employee', row.id, row.userid)],
  compare: comparingList(MOVED_EMPLOYEES, 'employee'),
};
