import type { Route } from './route';
import { employeeOf, isVisible, text } from './route';

export const followList: Route = {
  method: 'GET',
  empty: { follow_user: [] },
  list: 'follow_user',
  contactsSync: 48002,
  answer({ corp, app }) {
    const followers = corp.employees.filter(
      (employee) => employee.isFollower && !employee.isRemoved && isVisible(app, employee),
    );
    return { follow_user: followers.map(({ userid }) => userid) };
  },
};

/** What an app made after 2022-06-20 reads: no mobile, gender, avatar or mail. */
export const user: Route = {
  method: 'GET',
  empty: {},
  list: 'userid',
  contactsSync: 48009,
  answer(call) {
    const employee = employeeOf(call, text(call.params, 'userid'));
    const { userid, name, department, position = '', alias = '', status, more } = employee;
    const places = {
      order: department.map(() => 0),
      is_leader_in_dept: department.map(() => 0),
      direct_leader: [],
      main_department: department[0] ?? 1,
    };
    const profile = { external_position: position, external_profile: { external_corp_name: '', external_attr: [] } };
    const rest = { ...places, status, alias, extattr: { attrs: [] }, ...profile };
    return { userid, name, department, position, ...rest, ...more };
  },
};
