import { ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { OperatorError } from '../../src/base/operator-error';
import { atExit, LOAD_CORE, onCore, stopped } from '../run/processes';

const PROGRAM = resolve(__dirname, '../../simulator/main.js');

/** Contacts for a follow: most are followed by one employee, as of real corps. */
const CONTACTS_PER_FOLLOW = 0.8;

export interface CorpSize {
  follows: number;
  employees: number;
  tags: number;
}

/** The simulator with one corp as a process of its own, so that its CPU and memory do not count as the product's. */
export class SimulatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly callOff: () => void,
    /** As its program prints them: `WECOM_API_BASE`, `corp_id`, `secret` … */
    private readonly printed: ReadonlyMap<string, string>,
  ) {}

  get url(): string {
    return this.printed.get('WECOM_API_BASE')!;
  }

  get corpId(): string {
    return this.printed.get('corp_id')!;
  }

  get secret(): string {
    return this.printed.get('secret')!;
  }

  static async start({ follows, employees, tags }: CorpSize): Promise<SimulatorProcess> {
    const port = 0;
    const contacts = Math.ceil(follows * CONTACTS_PER_FOLLOW);
    const numbers = [port, employees, contacts, follows, tags].map(String);
    const [command, args] = onCore(LOAD_CORE, process.execPath, [PROGRAM, ...numbers]);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const callOff = atExit(() => child.kill());
    const printed = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      if (name) printed.set(name, value!);
      if (name === 'control') return new SimulatorProcess(child, callOff, printed); // the last line
    }
    callOff();
    await stopped(child);
    throw new OperatorError('the simulator ended instead of listening');
  }

  async answerAfter(ms: number): Promise<void> {
    await this.control('latency', { ms });
  }

  async forgetCalls(): Promise<void> {
    await this.control('reset-counts', {});
  }

  /** Seconds that its answers have taken since the last {@link forgetCalls}, of all calls together. */
  async answeringSeconds(): Promise<number> {
    const calls = (await this.control('calls', {})) as { ms?: number }[];
    return calls.reduce((sum, { ms = 0 }) => sum + ms, 0) / 1000;
  }

  stop(): Promise<void> {
    this.callOff();
    return stopped(this.child);
  }

  private async control(action: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/simulator/${action}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new OperatorError(`simulator, ${action}: ${await answer.text()}`);
    return answer.json();
  }
}
