/** The characters of all texts in a value: in the objects and lists that it holds, too. */
export function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  for (const key in value) length += textLength(value[key as keyof typeof value]);
  return length;
}
