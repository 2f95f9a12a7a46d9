import type { CallRecord } from './calls';
import { Faults } from './faults';
import { InFlight } from './in-flight';
import { Delivery, Envelope, EventFields, Receiver, SendAllOptions, Sender, SendOptions } from './sender';
import { WecomServer } from './server';
import { Tokens } from './tokens';
import { World } from './world';

/** Answers `POST /simulator/<action>`. */
export type Control = (simulator: Simulator, action: string, body: string) => Promise<unknown>;

/**
 * A WeCom that behaves and misbehaves, on a port of this machine: for tests, demo and benchmark. It imports nothing of
 * src/, so that a misreading of WeCom's pages is not shared.
 */
export class Simulator {
  /** Such as http://127.0.0.1:40123, for WECOM_API_BASE. */
  url = '';
  /** Every call to /cgi-bin/, in the order of arrival. */
  readonly calls: CallRecord[] = [];
  /** Milliseconds after which every call is answered. What it reads and does, it does on arrival. */
  latencyMs = 0;
  readonly world: World;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly inFlight = new InFlight();

  private readonly sender: Sender;
  private readonly server: WecomServer;

  constructor(seed: number, control: Control) {
    this.world = new World(seed);
    this.faults = new Faults(seed);
    this.tokens = new Tokens(this.world);
    this.sender = new Sender(seed);
    const { tokens, faults, inFlight, calls } = this;
    const latencyMs = () => this.latencyMs;
    const answerControl = (action: string, body: string) => control(this, action, body);
    this.server = new WecomServer({ tokens, faults, inFlight, calls, latencyMs, control: answerControl });
  }

  /** Sends an event, encrypted and signed, and sends it again where WeCom would. @returns each try */
  send(event: EventFields, to: Receiver, options?: SendOptions): Promise<Delivery[]> {
    return this.sender.send(event, to, options);
  }

  /** Several events, in turn or at once, reordered or lost. @returns each try of those sent */
  sendAll(events: EventFields[], to: Receiver, options?: SendAllOptions): Promise<Delivery[]> {
    return this.sender.sendAll(events, to, options);
  }

  /** An event's body and signed address, for a test that tampers with them or sends them itself. */
  envelope(event: EventFields, to: Receiver, options?: SendOptions): Envelope {
    return this.sender.envelope(event, to, options);
  }

  /** As {@link envelope}, of any text. */
  sealed(text: string, to: Receiver): Envelope {
    return this.sender.sealed(text, to);
  }

  /** WeCom's check of a callback address. */
  verify(to: Receiver): Promise<{ status: number | null; body: string; isRight: boolean }> {
    return this.sender.verify(to);
  }

  /** Calls by API, gettoken by corp, and the most calls in flight by "corp API". */
  counts(): { calls: Record<string, number>; tokens: Record<string, number>; inFlight: Record<string, number> } {
    const calls: Record<string, number> = {};
    for (const { path } of this.calls) calls[path] = (calls[path] ?? 0) + 1;
    return { calls, tokens: this.tokens.allFetched, inFlight: this.inFlight.allHighest };
  }

  resetCounts(): void {
    this.calls.length = 0;
    this.tokens.resetCounts();
    this.inFlight.reset();
  }

  async listen(port: number): Promise<this> {
    this.url = `http://127.0.0.1:${await this.server.listen(port)}`;
    return this;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
