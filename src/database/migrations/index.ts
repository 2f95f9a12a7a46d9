import { CreateTables1763769600000 } from './1763769600000-create-tables';

/** All migrations, oldest first. */
export const migrations = [CreateTables1763769600000];
