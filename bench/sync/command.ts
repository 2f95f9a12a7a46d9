import { OperatorError } from '../../src/base/operator-error';
import { readEnv } from '../../src/config/env';
import type { NewDatabase } from '../run/new-database';
import { runCommand } from '../run/cli';
import { cpuTime } from '../run/processes';
import { ENTERPRISE } from './enterprise';
import type { SimulatorProcess } from './simulator';

/** What a run of the command took. */
export interface SyncResult {
  seconds: number;
  followsPerSecond: number;
  /** The share of time that each reader of lists waited for an answer. */
  waitingShare: number;
  /** Processor time of the command, in microseconds a follow. */
  cpuUs: number;
  /** The same of the database's server; undefined of SQLite, which is in the command. */
  databaseCpuUs?: number;
  peakMegabytes: number;
}

/** The run as JSON, the command's last line. */
interface Run {
  state: string;
  error: string;
  problems: object[];
  follows: { seen: number; new: number; changed: number; lost: number; returned: number };
}

/** What a run must have found, with `follows` of them in all. */
const EXPECTED = {
  first: (follows: number) => ({ seen: follows, new: follows, changed: 0, lost: 0, returned: 0 }),
  unchanged: (follows: number) => ({ seen: follows, new: 0, changed: 0, lost: 0, returned: 0 }),
};

/** `wecom sync` as an operator runs it, on the server's core. */
export class SyncCommand {
  constructor(
    private readonly database: NewDatabase,
    private readonly settings: Record<string, string>,
    private readonly simulator: SimulatorProcess,
    private readonly follows: number,
  ) {}

  /**
   * @param profile a directory, for a CPU profile
   * @throws OperatorError unless the run is complete and finds what it is to
   */
  async run(kind: keyof typeof EXPECTED, profile?: string): Promise<SyncResult> {
    await this.simulator.forgetCalls();
    const { pid } = this.database;
    const before = pid && cpuTime(pid);
    const { report, seconds, cpuUs, peakMegabytes } = await runCommand(
      ['wecom', 'sync', String(ENTERPRISE.id)],
      { DATABASE_URL: this.database.url, ...this.settings },
      profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
    );
    const run = report as Run;
    const { seen, new: isNew, changed, lost, returned } = run.follows ?? {};
    const found = JSON.stringify({ seen, new: isNew, changed, lost, returned });
    if (run.state !== 'ok' || found !== JSON.stringify(EXPECTED[kind](this.follows))) {
      throw new OperatorError(
        `the ${kind} run is ${run.state}: ${found} ${run.error} ${JSON.stringify(run.problems?.[0])}`,
      );
    }
    const { WECOM_CONCURRENCY: readers } = readEnv({});
    const waitingShare = (await this.simulator.answeringSeconds()) / (readers * seconds);
    const databaseCpuUs = pid && (cpuTime(pid) - before!) / this.follows;
    const perFollow = { cpuUs: cpuUs / this.follows, databaseCpuUs };
    return { seconds, followsPerSecond: this.follows / seconds, waitingShare, peakMegabytes, ...perFollow };
  }
}
