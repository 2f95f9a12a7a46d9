/** The output of the process while `work` runs. @param work receives a function that returns the output so far */
export async function logOf(work: (soFar: () => string) => Promise<void>): Promise<string> {
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
    await work(() => log);
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
