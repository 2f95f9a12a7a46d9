import { SingleBar } from 'cli-progress';

/** Shows the progress of long work: a bar on a terminal, otherwise a line every few seconds. */
export function startProgress(total: number) {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {value}/{total} relations  {duration_formatted}, left {eta_formatted}',
    etaBuffer: 200,
    fps: 4,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    stopOnComplete: false,
  });
  bar.start(total, 0);
  return { advance: (done: number) => bar.increment(done), stop: () => bar.stop() };
}
