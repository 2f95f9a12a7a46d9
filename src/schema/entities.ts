import { FailedAttempt } from '../auth/attempts/failed-attempt.entity';
import { Session } from '../auth/entities/session.entity';
import { User } from '../auth/entities/user.entity';
import { EnterpriseChoice } from '../enterprise/entities/enterprise-choice.entity';
import { EnterpriseRight } from '../enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../enterprise/entities/enterprise.entity';
import { Customer } from '../user-customer/entities/customer.entity';
import { UserCustomerAudit } from '../user-customer/audit/user-customer-audit.entity';
import { UserCustomer } from '../user-customer/entities/user-customer.entity';
import { Employee } from '../wechat-customers/entities/employee.entity';
import { Contact } from '../wechat-customers/entities/contact.entity';
import { FollowCount } from '../wechat-customers/entities/follow-count.entity';
import { FollowTag } from '../wechat-customers/entities/follow-tag.entity';
import { FollowTerm } from '../wechat-customers/entities/follow-term.entity';
import { Follow } from '../wechat-customers/entities/follow.entity';
import { Tag } from '../wechat-customers/entities/tag.entity';

/** All entities, one per table. */
export const entities = [
  User,
  Session,
  FailedAttempt,
  Enterprise,
  EnterpriseRight,
  EnterpriseChoice,
  Customer,
  UserCustomer,
  UserCustomerAudit,
  Follow,
  FollowTag,
  FollowTerm,
  FollowCount,
  Contact,
  Employee,
  Tag,
];
