import { Random } from './random';

/** What goes wrong; plain data, so that it travels over the control port. */
export type Kind =
  /** The code with WeCom's empty containers, nothing done; with `forMs` all calls of the API for the corp get it so long. */
  | { errcode: number; forMs?: number }
  /** An HTTP status with a body that is not JSON, nothing done. 200 is possible. */
  | { status: number; body?: string }
  /** The connection is reset, nothing done. */
  | 'reset'
  /** No answer ever, nothing done. */
  | 'hang'
  /** The token of the call dies before it is looked at. */
  | { tokenDeath: 42001 | 40014 }
  /** Done, and answered so much later. */
  | { slowMs: number }
  /** Done on arrival, and answered, as of then, when the test releases it: for races. */
  | 'held'
  /** Done, and answered ok without the list that the API is asked for. */
  | 'without list'
  /** Done, and answered with the first half of the JSON. */
  | 'truncated'
  /** Done, and the connection breaks in the middle of the answer. */
  | 'cut'
  /** Done, and the connection is reset instead of an answer: the caller cannot tell. */
  | 'lost answer';

/** A call as a fault sees it. */
export interface Request {
  path: string;
  corpId: string;
  /** Query and body, without token and secret. */
  params: Record<string, unknown>;
  /** Of the cursor; 1 is the first page. */
  page: number;
}

/** `page`, `corpId` or a parameter with this value; a list parameter, such as userid_list, holds it. */
type Match = Record<string, unknown>;

export interface Fault {
  /** Without /cgi-bin/, as `externalcontact/get`; `*` at the end stands for anything. */
  path: string;
  when?: Match | ((request: Request) => boolean);
  kind: Kind;
  /** How many calls it hits; 1 unless said, without bound if there is a chance. */
  times?: number | 'always';
  /** The share of calls that it hits, 0–1. */
  chance?: number;
  /** Calls that it lets pass first. */
  afterCalls?: number;
}

/** A fault in place. */
export interface Placed {
  readonly id: number;
  /** How many calls it has hit. */
  fired: number;
  /** Takes it away; what it holds is answered. */
  remove: () => void;
  /** Answers the calls that a fault 'held' holds; later ones pass. */
  release: () => void;
}

/** A fault at work on one call. */
export interface Hit {
  kind: Kind;
  /** Resolves when the test releases what is held. */
  released: Promise<void>;
}

/** When a call is hit: before its token is checked, in place of the answer, or after it was worked out. */
export type Stage = 'wire' | 'answer' | 'after';

interface Entry extends Fault, Placed {
  /** Calls still to pass. */
  passing: number;
  released: Promise<void>;
}

interface Window {
  path: string;
  corpId: string;
  errcode: number;
  until: number;
}

export class Faults {
  private entries: Entry[] = [];
  private windows: Window[] = [];
  private nextId = 1;
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  add(fault: Fault): Placed {
    const id = this.nextId++;
    let release = () => {};
    const released = new Promise<void>((done) => (release = done));
    const remove = () => {
      this.entries = this.entries.filter((entry) => entry.id !== id);
      release();
    };
    const entry: Entry = { ...fault, id, fired: 0, passing: fault.afterCalls ?? 0, released, release, remove };
    this.entries.push(entry);
    return entry;
  }

  clear(): void {
    for (const { remove } of this.entries) remove();
    this.windows = [];
  }

  /** How often each fault in place has hit, by its id. */
  get fired(): Record<number, number> {
    return Object.fromEntries(this.entries.map(({ id, fired }) => [id, fired]));
  }

  /** @returns the fault that hits the call at this stage, the earliest added first */
  take(request: Request, stage: Stage): Hit | undefined {
    const window = stage === 'answer' && this.windowOf(request);
    if (window) return { kind: { errcode: window.errcode }, released: Promise.resolve() };
    const entry = this.entries.find((candidate) => stageOf(candidate.kind) === stage && this.hits(candidate, request));
    if (!entry) return undefined;
    entry.fired++;
    const { kind, released } = entry;
    if (typeof kind === 'object' && 'errcode' in kind && kind.forMs) {
      const { path, corpId } = request;
      this.windows.push({ path, corpId, errcode: kind.errcode, until: Date.now() + kind.forMs });
    }
    return { kind, released };
  }

  /** Releases a fault 'held'. @throws Error if there is none with the id */
  release(id: number): void {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (!entry) throw new Error(`no fault ${id}`);
    entry.release();
  }

  private hits(entry: Entry, request: Request): boolean {
    const { times = entry.chance === undefined ? 1 : 'always', chance } = entry;
    if (times !== 'always' && entry.fired >= times) return false;
    if (!isPathOf(entry.path, request.path) || !isMeant(entry.when, request)) return false;
    if (entry.passing > 0) {
      entry.passing--;
      return false;
    }
    return chance === undefined || this.random.next() < chance;
  }

  private windowOf({ path, corpId }: Request): Window | undefined {
    this.windows = this.windows.filter(({ until }) => until > Date.now());
    return this.windows.find((window) => window.path === path && window.corpId === corpId);
  }
}

function stageOf(kind: Kind): Stage {
  if (kind === 'reset' || kind === 'hang') return 'wire';
  if (typeof kind === 'string' || 'slowMs' in kind) return 'after';
  return 'errcode' in kind ? 'answer' : 'wire';
}

function isPathOf(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function isMeant(when: Fault['when'], request: Request): boolean {
  if (!when) return true;
  if (typeof when === 'function') return when(request);
  const { page, corpId, params } = request;
  const known: Record<string, unknown> = { ...params, page, corpId };
  return Object.entries(when).every(([name, value]) => {
    const actual = known[name];
    return Array.isArray(actual) ? actual.includes(value) : actual === value;
  });
}
