const UTC_PLUS_8_MS = 8 * 3600 * 1000;

/**
 * Formats a moment as wall clock in UTC+8, `YYYY-MM-DD HH:mm:ss`: the form of every `created`, `created_at` … from the
 * database to the wire (CONTRACT 1.3). Independent of the time zone of process, server and session.
 */
export function wallClock(moment: Date = new Date()): string {
  return new Date(moment.getTime() + UTC_PLUS_8_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The moment of a {@link wallClock}, in unix seconds. */
export function secondsOf(wallClock: string): number {
  return (Date.parse(`${wallClock.replace(' ', 'T')}Z`) - UTC_PLUS_8_MS) / 1000;
}

/** The current time in unix seconds. */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
