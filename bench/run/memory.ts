import { Client, inParallel } from './client';
import type { RunningServer } from './contenders';
import { residentMegabytes } from './processes';
import type { Workload } from './workload';

const REQUESTS = 100_000;
const CONNECTIONS = 32;
/** One request in ten is a getList. */
const LIST_EVERY = 10;

/** Memory of a server process (RSS) in megabytes, and its time to the first answer. */
export interface MemoryResult {
  startedInMs: number;
  atStart: number;
  afterRequests: number;
}

/** Sends 100,000 requests, nine `get` to one getList, and reads the memory before and after. */
export async function measureMemory(server: RunningServer, workload: Workload): Promise<MemoryResult> {
  const atStart = residentMegabytes(server.pid);
  const [get, list] = [workload.kind('get'), workload.kind('getList')];
  const client = new Client(server, CONNECTIONS);
  let sent = 0;
  await inParallel(REQUESTS, CONNECTIONS, () => client.send((sent++ % LIST_EVERY === 0 ? list : get).next()));
  client.close();
  return { startedInMs: server.startedInMs, atStart, afterRequests: residentMegabytes(server.pid) };
}
