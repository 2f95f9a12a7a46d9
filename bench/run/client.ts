import { Agent, request } from 'node:http';
import type { RunningServer } from './contenders';
import type { WireRequest } from './workload';

/** The beginning of a success's envelope in each family. */
export const SUCCESS = /^\{"(code":200|result":1),/;

/** An HTTP client on a fixed number of keep-alive connections, for loads that wrk cannot produce. */
export class Client {
  /** Of all answers so far, with their heads. */
  bytesReceived = 0;
  private readonly agent: Agent;

  constructor(
    private readonly server: RunningServer,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends a request and reads the whole answer. @throws when the answer is not a success of its family */
  send({ method, path, token, body }: WireRequest): Promise<Buffer> {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      let readBefore = 0;
      const sent = request(this.server.origin + path, { method, headers, agent: this.agent }, (response) => {
        const { socket } = response; // no longer the answer's once it has ended
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject).once('end', () => {
          this.bytesReceived += socket.bytesRead - readBefore;
          const answer = Buffer.concat(chunks);
          const beginning = answer.toString('utf8', 0, 100);
          if (response.statusCode === 200 && SUCCESS.test(beginning)) resolve(answer);
          else reject(new Error(`${path.replace(/\?.*/, '')} answered ${response.statusCode} ${beginning}`));
        });
      });
      sent.once('socket', (socket) => (readBefore = socket.bytesRead));
      sent.once('error', reject).end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Runs `work` `times` times, at most `width` at once. */
export async function inParallel(times: number, width: number, work: () => Promise<unknown>): Promise<void> {
  let left = times;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: width }, worker));
}
