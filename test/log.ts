/** The output of the process while `work` runs. */
export async function logOf(work: () => Promise<void>): Promise<string> {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  let log = '';
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      log += Buffer.from(chunk as string).toString();
      return true;
    };
  }
  try {
    await work();
  } finally {
    streams.forEach((stream, index) => (stream.write = originals[index]!));
  }
  return log;
}

/** The parsed lines of a log; every line must be a JSON object. */
export function linesOf(log: string): any[] {
  return log
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
