import { CreateTables1763769600000 } from './1763769600000-create-tables';
import { IndexFollows1763856000000 } from './1763856000000-index-follows';
import { AuditUserCustomers1763942400000 } from './1763942400000-audit-user-customers';
import { LinkTags1764028800000 } from './1764028800000-link-tags';
import { OldClients1764115200000 } from './1764115200000-old-clients';
import { MendAudit1764201600000 } from './1764201600000-mend-audit';

/** All migrations, oldest first. */
export const migrations = [
  CreateTables1763769600000,
  IndexFollows1763856000000,
  AuditUserCustomers1763942400000,
  LinkTags1764028800000,
  OldClients1764115200000,
  MendAudit1764201600000,
];
