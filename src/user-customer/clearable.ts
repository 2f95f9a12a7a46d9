/**
 * Reads a field of an edit: absent it is `undefined` and stays unchanged, an explicit null or '' clears it (CONTRACT
 * 1.3).
 * @param empty the value of a cleared field
 */
export function clearable<T, E>(parse: (raw: unknown) => T, empty: E): (raw: unknown) => T | E | undefined {
  return (raw) => (raw === undefined ? undefined : raw === null || raw === '' ? empty : parse(raw));
}
