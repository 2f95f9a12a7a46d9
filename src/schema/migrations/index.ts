import { CreateTables1763769600000 } from './1763769600000-create-tables';
import { IndexFollows1763856000000 } from './1763856000000-index-follows';
import { AuditUserCustomers1763942400000 } from './1763942400000-audit-user-customers';
import { LinkTags1764028800000 } from './1764028800000-link-tags';
import { OldClients1764115200000 } from './1764115200000-old-clients';
import { MendAudit1764201600000 } from './1764201600000-mend-audit';
import { Audit1764288000000 } from './1764288000000-audit';
import { WecomCorps1764374400000 } from './1764374400000-wecom-corps';
import { FollowHistory1764460800000 } from './1764460800000-follow-history';
import { WecomEvents1764547200000 } from './1764547200000-wecom-events';
import { WecomRuns1764633600000 } from './1764633600000-wecom-runs';
import { WecomWrites1764720000000 } from './1764720000000-wecom-writes';
import { ImportCheckpoint1764806400000 } from './1764806400000-import-checkpoint';

/** All migrations, oldest first. */
export const migrations = [
  CreateTables1763769600000,
  IndexFollows1763856000000,
  AuditUserCustomers1763942400000,
  LinkTags1764028800000,
  OldClients1764115200000,
  MendAudit1764201600000,
  Audit1764288000000,
  WecomCorps1764374400000,
  FollowHistory1764460800000,
  WecomEvents1764547200000,
  WecomRuns1764633600000,
  WecomWrites1764720000000,
  ImportCheckpoint1764806400000,
];
