import { Agent, request } from 'node:http';
import type { RunningServer } from './contenders';
import type { WireRequest } from './workload';

/** An HTTP client on a fixed number of kept connections: for loads that wrk cannot make. */
export class Client {
  private readonly agent: Agent;

  constructor(
    private readonly server: RunningServer,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends a request and reads its answer to the end. @throws when the status is not 200 */
  send({ method, path, token, body }: WireRequest): Promise<void> {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const sent = request(this.server.origin + path, { method, headers, agent: this.agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
        response.resume().once('end', resolve).once('error', reject);
      });
      sent.once('error', reject).end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Runs `work` `times` times, `width` at once. */
export async function inParallel(times: number, width: number, work: () => Promise<void>): Promise<void> {
  let left = times;
  const lane = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: width }, lane));
}
