import { CreateTables1763769600000 } from './1763769600000-create-tables';
import { IndexFollows1763856000000 } from './1763856000000-index-follows';
import { AuditUserCustomers1763942400000 } from './1763942400000-audit-user-customers';

/** All migrations, oldest first. */
export const migrations = [CreateTables1763769600000, IndexFollows1763856000000, AuditUserCustomers1763942400000];
