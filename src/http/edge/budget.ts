import type { FastifyRequest } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import { TransportFailure } from '../output/errors';
import { subscriber } from './client-address';

const held = new Gauge({
  name: 'customer_hub_held_bytes',
  help: 'Bytes held for clients: bodies under way of more than 16 KB, answers not yet read of more than 64 KB',
  labelNames: ['of'],
});

const refused = new Counter({
  name: 'customer_hub_over_budget_total',
  help: 'Bodies and answers refused because too many bytes were held, in all or for one client',
  labelNames: ['of'],
});

const MIB = 1024 * 1024;

/** What is held in a process: with the program itself (about 200 MB) well below the 512 MB of a container. */
const MAX_BYTES = 64 * MIB;

/** One client's share, so that no account alone, however many connections it opens, takes the budget of the others. */
const MAX_SHARE = 16 * MIB;

/** What all clients without an account hold together at most, so that they leave the accounts half of the budget. */
const MAX_OF_STRANGERS = MAX_BYTES / 2;

/** More bytes are held than the process, or the client, may hold (HTTP 503). */
export class OverBudget extends TransportFailure {
  constructor() {
    super('unavailable');
  }
}

/** The bytes of one kind that the process holds for clients: an account, or an address without one. */
export class Budget {
  private total = 0;
  private ofStrangers = 0;
  private readonly shares = new Map<number | string, number>();

  constructor(private readonly of: 'bodies' | 'answers') {}

  /** Whether so many bytes more may be held; what alone exceeds a limit may be held alone. */
  hasRoom(client: number | string, bytes: number): boolean {
    const share = this.shares.get(client) ?? 0;
    const isBelow = (taken: number, max: number) => taken === 0 || taken + bytes <= max;
    const hasRoom =
      isBelow(this.total, MAX_BYTES) &&
      isBelow(share, MAX_SHARE) &&
      (!isStranger(client) || isBelow(this.ofStrangers, MAX_OF_STRANGERS));
    if (!hasRoom) refused.inc({ of: this.of });
    return hasRoom;
  }

  /** Holds bytes, or gives them back if negative. */
  add(client: number | string, bytes: number): void {
    const share = (this.shares.get(client) ?? 0) + bytes;
    this.total += bytes;
    if (isStranger(client)) this.ofStrangers += bytes;
    held.inc({ of: this.of }, bytes);
    if (share === 0) this.shares.delete(client);
    else this.shares.set(client, share);
  }
}

/** Whose share a request counts to: an account's, by its id, or an address's. */
export function clientOf({ actor, address }: FastifyRequest): number | string {
  return actor?.userId ?? subscriber(address);
}

const isStranger = (client: number | string) => typeof client === 'string';
