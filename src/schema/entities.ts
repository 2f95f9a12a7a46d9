import { AuditEntry } from '../audit/audit-entry.entity';
import { UserCustomerAudit } from '../audit/user-customer-audit.entity';
import { FailedAttempt } from '../auth/attempts/failed-attempt.entity';
import { Session } from '../auth/entities/session.entity';
import { User } from '../auth/entities/user.entity';
import { EnterpriseChoice } from '../enterprise/entities/enterprise-choice.entity';
import { EnterpriseRight } from '../enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../enterprise/entities/enterprise.entity';
import { ImportCheckpoint } from '../import/run/checkpoint.entity';
import { Customer } from '../user-customer/entities/customer.entity';
import { UserCustomer } from '../user-customer/entities/user-customer.entity';
import { Employee } from '../wechat-customers/entities/employee.entity';
import { Contact } from '../wechat-customers/entities/contact.entity';
import { FollowCount } from '../wechat-customers/entities/follow-count.entity';
import { FollowHistory } from '../wechat-customers/entities/follow-history.entity';
import { FollowTag } from '../wechat-customers/entities/follow-tag.entity';
import { FollowTerm } from '../wechat-customers/entities/follow-term.entity';
import { Follow } from '../wechat-customers/entities/follow.entity';
import { Tag } from '../wechat-customers/entities/tag.entity';
import { RunEmployee } from '../wecom/sync/run-employee.entity';
import { RunSeen } from '../wecom/sync/run-seen.entity';
import { Run } from '../wecom/sync/run.entity';
import { WecomToken } from '../wecom/client/token.entity';
import { WecomCorp } from '../wecom/corps/corp.entity';
import { WecomEvent } from '../wecom/callbacks/wecom-event.entity';
import { Intent } from '../wecom/write-back/intent.entity';

/** All entities, one per table. */
export const entities = [
  AuditEntry,
  UserCustomerAudit,
  User,
  Session,
  FailedAttempt,
  Enterprise,
  EnterpriseRight,
  EnterpriseChoice,
  Customer,
  UserCustomer,
  Follow,
  FollowTag,
  FollowTerm,
  FollowCount,
  FollowHistory,
  Contact,
  Employee,
  Tag,
  Run,
  RunEmployee,
  RunSeen,
  WecomCorp,
  WecomToken,
  WecomEvent,
  Intent,
  ImportCheckpoint,
];
