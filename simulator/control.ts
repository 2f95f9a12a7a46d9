import type { Corp, Seeding } from './world';
import type { Fault } from './faults';
import type { EventFields, Receiver, SendAllOptions } from './sender';
import type { Simulator } from './simulator';

/** What `corp` may call. */
const CORP_METHODS = [
  ...['addApp', 'addEmployee', 'renameEmployee', 'removeEmployee', 'setFollower', 'addContact'],
  ...['follow', 'halfFollow', 'unfollowByMember', 'unfollowByCustomer'],
  ...['addTagGroup', 'addTag', 'renameTag', 'deleteTag'],
];

/** Fields of `set`. */
const CORP_FIELDS = ['pageSizes', 'endsWithEmptyPage', 'omitsEmptyCursor', 'followersPerPage', 'emptyBatch'];

type Body = Record<string, unknown>;

/** Actions of `POST /simulator/<action>`, by which another process steers: JSON in, JSON out. */
const ACTIONS: Readonly<Record<string, (simulator: Simulator, body: Body) => unknown>> = {
  /** A fault, its `when` being a {@link Match}. → id */
  fault: ({ faults }, body) => ({ id: faults.add(body as unknown as Fault).id }),
  faults: ({ faults }) => faults.fired,
  /** Lets go what a fault 'held' holds. */
  release: ({ faults }, { id }) => faults.release(Number(id)),
  'clear-faults': ({ faults }) => faults.clear(),
  /** corpId and `act` expire or revoke; or settings: ttlSeconds, newEachTime, expiredAs. */
  tokens: ({ tokens }, { corpId, act, ...settings }) => {
    if (act === 'expire') tokens.expireNow(String(corpId));
    else if (act === 'revoke') tokens.revoke(String(corpId));
    else assignKnown(tokens, settings, ['ttlSeconds', 'newEachTime', 'expiredAs', 'wrongSecretsLimit']);
  },
  latency: (simulator, { ms }) => void (simulator.latencyMs = Number(ms)),
  limit: ({ inFlight }, { calls }) => void (inFlight.limit = Number(calls)),
  /** events, to, options → deliveries */
  send: (simulator, { events, to, options }) =>
    simulator.sendAll(events as EventFields[], to as Receiver, options as SendAllOptions),
  verify: (simulator, { to }) => simulator.verify(to as Receiver),
  /** → calls of each API and of gettoken by corp, and the most in flight */
  counts: (simulator) => simulator.counts(),
  'reset-counts': (simulator) => simulator.resetCounts(),
  calls: ({ calls }) => calls,
  seed: ({ world }, body) => void world.seeded(body as unknown as Seeding),
  /** corpId, method, args: a change of the corp. */
  corp: ({ world }, { corpId, method, args }) => {
    const corp = world.corp(corpId as string | undefined);
    const change = String(method);
    if (!CORP_METHODS.includes(change)) throw new Error(`no method ${change}: ${CORP_METHODS.join(', ')}`);
    const changes = corp as unknown as Record<string, (...args: unknown[]) => unknown>;
    return changes[change]!(...(args as unknown[]));
  },
  /** corpId and settings of its answers. */
  set: ({ world }, { corpId, ...settings }) =>
    assignKnown<Corp>(world.corp(corpId as string | undefined), settings, CORP_FIELDS),
  /** corpId, secret and fields of the app, such as trustedAddresses. */
  app: ({ world }, { corpId, secret, ...fields }) => {
    const { apps } = world.corp(corpId as string | undefined);
    const app = secret === undefined ? apps[0] : apps.find((candidate) => candidate.secret === secret);
    if (!app) throw new Error('no such app');
    Object.assign(app, fields);
  },
};

/** @throws Error whose message goes to the caller */
export async function control(simulator: Simulator, action: string, body: string): Promise<unknown> {
  if (!Object.hasOwn(ACTIONS, action)) throw new Error(`no action ${action}: ${Object.keys(ACTIONS).join(', ')}`);
  return ACTIONS[action]!(simulator, (body ? JSON.parse(body) : {}) as Body);
}

function assignKnown<T extends object>(target: T, settings: Body, known: string[]): void {
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown) throw new Error(`no setting ${unknown}: ${known.join(', ')}`);
  Object.assign(target, settings);
}
