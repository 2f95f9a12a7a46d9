/**
 * What SIGTERM or SIGINT does from now on, in place of what it did. There is always something: the first process of a
 * container is not ended by a signal that it does not handle.
 */
export function onSignal(signal: 'SIGTERM' | 'SIGINT', act: () => void): void {
  const before = process.listeners(signal);
  process.on(signal, act);
  for (const done of before) process.off(signal, done); // afterwards: without any, one that just came would be lost
}

/** As long as nobody's work is under way, a signal ends the process at once. @param code what it exits with */
export function endAtOnceOnSignals(code: number): void {
  onSignal('SIGTERM', () => process.exit(code));
  onSignal('SIGINT', () => process.exit(code));
}
