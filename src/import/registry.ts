import type { KindName } from './kind-names';
import { accounts } from './kinds/accounts';
import { customers } from './kinds/customers';
import { employees } from './kinds/employees';
import type { Fields } from './kinds/fields';
import { follows } from './kinds/follows';
import type { Kind } from './kinds/kind';
import { relations } from './kinds/relations';
import { tags } from './kinds/tags';

const KINDS: Record<KindName, Kind<object>> = { accounts, customers, relations, tags, employees, follows };

export const kindOf = (name: KindName): Kind<object> => KINDS[name];

export const fieldsOf = (name: KindName): Fields => kindOf(name).fields;
