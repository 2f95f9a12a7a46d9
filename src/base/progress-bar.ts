import { SingleBar } from 'cli-progress';

/**
 * Tells on standard error how far a command is: a bar on a terminal, elsewhere a line every few seconds.
 * @param format of cli-progress; what it names beside the bar comes with each update
 */
export function progressBar(format: string): SingleBar {
  return new SingleBar({ format, noTTYOutput: true, notTTYSchedule: 5_000, stopOnComplete: false, emptyOnZero: true });
}
