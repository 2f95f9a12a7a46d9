/**
 * Replaces what SIGTERM or SIGINT does. A handler is always installed, because a signal without one does not end the
 * first process of a container.
 */
export function onSignal(signal: 'SIGTERM' | 'SIGINT', act: () => void): void {
  const before = process.listeners(signal);
  process.on(signal, act);
  for (const old of before) process.off(signal, old); // last: a signal that met no handler would be lost
}

/** Makes a signal end the process at once, for times when no work is under way. @param code the exit code */
export function endAtOnceOnSignals(code: number): void {
  onSignal('SIGTERM', () => process.exit(code));
  onSignal('SIGINT', () => process.exit(code));
}
