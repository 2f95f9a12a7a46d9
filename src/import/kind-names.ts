/** What can be imported; relations need accounts and customers, follows best come after tags and employees. */
export const KIND_NAMES = ['accounts', 'customers', 'relations', 'tags', 'employees', 'follows'] as const;
export type KindName = (typeof KIND_NAMES)[number];
