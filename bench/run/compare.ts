import type { RunningServer } from './contenders';
import type { Kind } from './workload';
import { load, Round } from './wrk';

const WARM_UP_SECONDS = 1;

export interface CompareOptions {
  rounds: number;
  /** The length of a round. */
  seconds: number;
}

/** All rounds of one server with one kind of request; rounds of other servers lie between them. */
export interface Series {
  kind: string;
  server: string;
  rounds: Round[];
}

/** Measures the servers in turn, round by round and each time in another order, so that noise hits all alike. */
export async function compare(
  servers: RunningServer[],
  kinds: Kind[],
  { rounds, seconds }: CompareOptions,
  report: (line: string) => void,
): Promise<Series[]> {
  const all: Series[] = [];
  for (const kind of kinds) {
    const entrants = servers.filter(({ contender }) => kind.isGetList || !contender.onlyGetList);
    const series = new Map(
      entrants.map((server) => [server, { kind: kind.name, server: server.name, rounds: [] as Round[] }]),
    );
    for (const server of entrants) await load(server, kind, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round++) {
      const first = round % entrants.length;
      for (const server of [...entrants.slice(first), ...entrants.slice(0, first)]) {
        series.get(server)!.rounds.push(await load(server, kind, seconds));
      }
    }
    report(`${kind.name}: ${rounds} rounds`);
    all.push(...series.values());
  }
  return all;
}
