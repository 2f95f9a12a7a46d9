import { Counter } from 'prom-client';
import { SonicBoom } from 'sonic-boom';

const linesLost = new Counter({
  name: 'customer_hub_log_lines_lost_total',
  help: 'Lines of the log that standard output did not take',
});

/** Bounds the lines that wait while standard output takes none (about 1000 answers); further ones are lost. */
const MAX_WAITING_BYTES = 256 * 1024;

/** How often waiting lines are tried while nothing is logged. */
const RETRY_MS = 1_000;

/** Where a process writes its log. */
interface LogOutput {
  write(line: string): void;
  /** Sets what is done, once every waiting line is written, with the number of lines that were lost meanwhile. */
  onLinesLost(tell: (lines: number) => void): void;
}

/**
 * Opens standard output for the log. A full disk, a pipe without a reader or one that reads slowly neither ends nor
 * holds up the process: lines wait, then are lost and counted; standard error says so once.
 */
export function openLogOutput(): LogOutput {
  process.stdout.on('error', () => undefined); // reading the property also makes a pipe refuse (EAGAIN) instead of block
  process.stderr.on('error', () => undefined);
  const output = new SonicBoom({ fd: 1, sync: true, maxLength: MAX_WAITING_BYTES, retryEAGAIN: () => false });
  let tell: (lines: number) => void = () => undefined;
  let lines = 0;
  let reason: string | undefined;
  let isReported = false;
  let retry: NodeJS.Timeout | undefined;

  const report = () => {
    if (!isReported) console.error(`customer-hub: the log cannot be written (${reason}), serving goes on without it`);
    isReported = true;
  };
  const resumed = () => {
    clearInterval(retry);
    retry = undefined;
    const lost = lines;
    lines = 0;
    if (lost > 0) tell(lost);
  };
  output.on('error', ({ code }: NodeJS.ErrnoException) => {
    reason = code;
    if (code !== 'EAGAIN') report(); // a reader that is only slow loses nothing yet
    if (retry) return;
    retry = setInterval(() => output.write(''), RETRY_MS).unref();
    output.once('drain', resumed);
  });
  output.on('drop', () => {
    report();
    linesLost.inc();
    lines++;
  });
  return { write: (line) => void output.write(line), onLinesLost: (act) => (tell = act) };
}
