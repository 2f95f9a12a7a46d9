/** A call that got no whole answer. The cause is not kept: it may show the URL with its token. */
export class NoAnswer extends Error {
  /** @param reason a code of the network such as `ECONNRESET`, or `timeout`, `too long` */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** @throws NoAnswer for a body of more bytes, and ends its connection */
export async function textOf(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new NoAnswer('too long'); // leaving the loop ends the connection
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What became of a call that failed: its own reason, `timeout`, or a code such as `ECONNREFUSED`; never a message. */
export function noAnswerOf(error: unknown, signal: AbortSignal): NoAnswer {
  if (error instanceof NoAnswer) return error;
  if (signal.aborted) return new NoAnswer('timeout');
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  const found = cause?.code ?? code;
  return new NoAnswer(typeof found === 'string' ? found : (name ?? 'network'));
}
