import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../src/base/operator-error';
import { Client } from './client';
import type { RunningServer } from './contenders';
import type { Counts } from './counts';
import type { Meter, Work } from './meter';
import type { WireRequest, Workload } from './workload';

const SAMPLES_PER_KIND = 5;

/** The first try prepares statements and reads totals anew; the rest outnumber the queries of the product's timers. */
const TRIES = 6;

/** Work of the start is over, and timers rest, when this many looks in a row find nothing. */
const IDLE_LOOKS = 6;
const LOOK_MS = 100;
const START_TIMEOUT_MS = 60_000;

/**
 * Counts statements and bytes of each kind of request, which do not depend on the machine: each request is sent several
 * times by itself, and the least that it ever needed counts.
 */
export async function countWork(server: RunningServer, workload: Workload, meter: Meter): Promise<Counts> {
  const client = new Client(server, 1);
  const read = async (): Promise<Work> => ({ ...(await meter.read()), answerBytes: client.bytesReceived });
  const during = async (work: () => Promise<unknown>) => {
    const before = await read();
    await work();
    return combined([await read(), before], ([after, start]) => after! - start!);
  };
  try {
    const ofReading = await whenIdle(() => during(() => sleep(LOOK_MS)));
    const ofRequest = async (request: WireRequest) =>
      combined([await during(() => client.send(request)), ofReading], ([all, reading]) => all! - reading!);
    const samples: Record<string, Work[]> = {};
    for (const cycle of cyclesOf(workload)) {
      const tries = await inTurn(TRIES, () => inTurn(cycle.length, (place) => ofRequest(cycle[place]!.request)));
      cycle.forEach(({ kind }, place) => {
        const here = tries.map((works) => works[place]!);
        (samples[kind] ??= []).push(combined(here, least));
      });
    }
    return Object.fromEntries(Object.entries(samples).map(([kind, works]) => [kind, combined(works, mean)]));
  } finally {
    client.close();
  }
}

/** Waits until looks find the same again and again. @returns that, which is the work of looking */
async function whenIdle(look: () => Promise<Work>): Promise<Work> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (let last = '', same = 0; Date.now() < deadline;) {
    const found = await look();
    same = JSON.stringify(found) === last ? same + 1 : 1;
    last = JSON.stringify(found);
    if (same === IDLE_LOOKS) return found;
  }
  throw new OperatorError('the product has no idle moment in which requests could be counted');
}

interface Step {
  kind: string;
  request: WireRequest;
}

/** Requests that need the same work however often they are sent in turn: what was added is deleted in the end. */
function cyclesOf(workload: Workload): Step[][] {
  const add = workload.kind('add');
  const reads = workload.kinds.filter((kind) => kind !== add);
  const samples = Array.from({ length: SAMPLES_PER_KIND });
  return [
    ...reads.flatMap((kind) => samples.map(() => [{ kind: kind.name, request: kind.next() }])),
    ...samples.map(() => {
      const added = add.next();
      const { edit, remove } = workload.afterAdd(added);
      return [
        { kind: 'add', request: added },
        { kind: 'edit', request: edit },
        { kind: 'delete', request: remove },
      ];
    }),
  ];
}

/** One figure for each thing counted, out of those of several works. */
function combined(works: Work[], combine: (figures: number[]) => number): Work {
  return Object.fromEntries(Object.keys(works[0]!).map((what) => [what, combine(works.map((work) => work[what]!))]));
}

const least = (figures: number[]) => Math.min(...figures);

/** Exact to a decimal for five samples. */
const mean = (figures: number[]) => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;

async function inTurn<Result>(times: number, work: (turn: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let turn = 0; turn < times; turn++) results.push(await work(turn));
  return results;
}
