/** What a user can be in an enterprise, in the word of the commands: the number stored, and its text (CONTRACT 2.2). */
export const IDENTITIES = {
  staff: { number: 1, description: '员工' },
  manager: { number: 2, description: '管理员' },
  creator: { number: 3, description: '创建人' },
  'legal-person': { number: 4, description: '法人' },
  both: { number: 5, description: '法人+创建人' },
} as const;

export type Identity = keyof typeof IDENTITIES;

/** The numbers that give a right; with any other the user has none. */
export const IDENTITY_NUMBERS = Object.values(IDENTITIES).map(({ number }) => number);

/** The identity with a number of {@link IDENTITY_NUMBERS}; undefined for any other. */
export function identityOf(number: number) {
  const [word, identity] = Object.entries(IDENTITIES).find(([, each]) => each.number === number) ?? [];
  return identity && { word, ...identity };
}
