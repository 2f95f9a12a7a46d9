import { setTimeout as sleep } from 'node:timers/promises';

/** The outcome of one request of a {@link SteadyLoad}. */
export interface Outcome {
  /** The time of sending, on the monotonic clock. */
  at: number;
  milliseconds: number;
  /** 0 without an answer. */
  status: number;
  body: any;
}

/** Sends requests at a fixed interval, whatever becomes of earlier ones, as independent clients do. */
export class SteadyLoad {
  readonly outcomes: Outcome[] = [];
  private isRunning = true;
  private readonly sent: Promise<void>[] = [];
  private readonly ended: Promise<void>;

  /** @param request sends the nth request */
  constructor(perSecond: number, request: (n: number) => Promise<Response>) {
    this.ended = this.run(1000 / perSecond, request);
  }

  /** Stops sending and waits for the answers still owed. */
  async stop(): Promise<Outcome[]> {
    this.isRunning = false;
    await this.ended;
    await Promise.all(this.sent);
    return this.outcomes;
  }

  private async run(every: number, request: (n: number) => Promise<Response>): Promise<void> {
    const begun = performance.now();
    for (let n = 0; this.isRunning; n++) {
      await sleep(begun + n * every - performance.now());
      this.sent.push(this.one(request(n)));
    }
  }

  private async one(response: Promise<Response>): Promise<void> {
    const at = performance.now();
    const answer = await response.then(
      async (given) => ({ status: given.status, body: await given.json().catch(() => undefined) }),
      () => ({ status: 0, body: undefined }),
    );
    this.outcomes.push({ at, milliseconds: performance.now() - at, ...answer });
  }
}
