/**
 * What another system said, fit for a line of output: one line, without what a terminal would obey.
 * @param most characters of it that are kept
 */
export function foreignText(said: string, most: number): string {
  return said.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, most);
}

/** A text that may repeat secrets, without them. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  return [...secrets].filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '…'), text);
}
