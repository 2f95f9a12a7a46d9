/**
 * What another system said, fit for a line of output: one line, without what a terminal would obey and without secrets.
 * @param most characters of it that are kept
 */
export function foreignText(said: string, most: number, secrets: string[] = []): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '…'), said)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, most);
}
