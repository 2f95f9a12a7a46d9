import { ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { OperatorError } from '../../src/base/operator-error';
import { atExit, freePort, onCore, SERVER_CORE, stopped } from './processes';

export type Engine = 'mariadb' | 'sqlite';

/** A program that answers the benchmarked routes. */
export interface Contender {
  name: string;
  /** The compiled file below `dist/`. */
  program: string;
  settings?: Record<string, string>;
  /** The Node that runs it, instead of the bench's own. */
  node?: string;
  /** True when it differs from the reference in getList only. */
  onlyGetList?: boolean;
  /** True when its headers and its audit log must be the product's, too. */
  hasDuties?: boolean;
}

/** As in production, but out of reach: one client at one address sends as much as thousands do. */
const LIMITS = { RATE_LIMIT_ADDRESS: '1000000', RATE_LIMIT_ACCOUNT: '1000000', MAX_EVENT_LOOP_DELAY_MS: '60000' };

export const PRODUCT: Contender = {
  name: 'product',
  program: 'src/main.js',
  settings: { DEMO_DATA: 'false', ...LIMITS },
};

/** A reference with the product's duties. */
const fair = (program: string): Contender => ({
  name: 'fair',
  program,
  settings: { FAIR: '1', ...LIMITS },
  hasDuties: true,
});

const CONTENDERS: Record<Engine, Contender[]> = {
  mariadb: [
    PRODUCT,
    fair('bench/servers/reference.js'),
    { name: 'reference', program: 'bench/servers/reference.js' },
    { name: 'tuned', program: 'bench/servers/reference.js', settings: { TUNED: '1' }, onlyGetList: true },
    { name: 'tuned, total kept', program: 'bench/servers/reference.js', settings: { TUNED: '2' }, onlyGetList: true },
    { name: 'usual', program: 'bench/servers/usual/main.js' },
  ],
  sqlite: [
    PRODUCT,
    fair('bench/servers/reference-sqlite.js'),
    { name: 'reference', program: 'bench/servers/reference-sqlite.js' },
    { name: 'usual', program: 'bench/servers/usual/main.js' },
  ],
};

/** The same for all servers, so that the page URLs in their answers are equal. */
const PUBLIC_URL = 'http://bench.example';
const START_TIMEOUT_MS = 60_000;
const DIST = resolve(__dirname, '../..');

/** A contender that has answered a request. */
export class RunningServer {
  private constructor(
    readonly contender: Contender,
    readonly origin: string,
    private readonly child: ChildProcess,
    private readonly callOff: () => void,
    /** Time from start to first answer. */
    readonly startedInMs: number,
  ) {}

  get name(): string {
    return this.contender.name;
  }

  get pid(): number {
    return this.child.pid!;
  }

  static async start(contender: Contender, databaseUrl: string): Promise<RunningServer> {
    const port = await freePort();
    const startedAt = performance.now();
    const [command, args] = onCore(SERVER_CORE, contender.node ?? process.execPath, [resolve(DIST, contender.program)]);
    const { PATH = '' } = process.env;
    const settings = { PORT: String(port), DATABASE_URL: databaseUrl, PUBLIC_URL, NODE_ENV: 'production' };
    const child = spawn(command, args, {
      cwd: tmpdir(), // keeps the working directory's .env out of the measurement
      env: { PATH, ...settings, ...contender.settings },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const callOff = atExit(() => child.kill());
    const origin = `http://127.0.0.1:${port}`;
    for (;;) {
      try {
        await (await fetch(`${origin}/api/user_customer/get`, { method: 'POST' })).arrayBuffer();
        return new RunningServer(contender, origin, child, callOff, performance.now() - startedAt);
      } catch {
        if (child.exitCode !== null) throw new OperatorError(`${contender.name} ended instead of listening`);
        if (performance.now() - startedAt > START_TIMEOUT_MS) {
          await stopped(child);
          throw new OperatorError(`${contender.name} does not answer`);
        }
        await new Promise((retry) => setTimeout(retry, 20));
      }
    }
  }

  stop(): Promise<void> {
    this.callOff();
    return stopped(this.child);
  }
}

/** What is changed about the product, for before and after. */
export interface Variants {
  /** Another build of the product, measured too: the path of its main.js. */
  beside?: string;
  /** The Node that runs the product. */
  node?: string;
  /** NODE_OPTIONS of the product. */
  nodeOptions?: string;
}

/** The product and the servers it is measured against on an engine. */
export function contendersOf(engine: Engine, { beside, node, nodeOptions = '' }: Variants = {}): Contender[] {
  const onNode = (contender: Contender): Contender =>
    contender === PRODUCT
      ? { ...contender, node, settings: { ...contender.settings, NODE_OPTIONS: nodeOptions } }
      : contender;
  const other = beside ? [{ ...PRODUCT, name: 'beside', program: resolve(beside) }] : [];
  return [...CONTENDERS[engine].map(onNode), ...other];
}

/** Starts all contenders on the same database. */
export async function startAll(contenders: Contender[], databaseUrl: string): Promise<RunningServer[]> {
  const servers: RunningServer[] = [];
  try {
    for (const contender of contenders) servers.push(await RunningServer.start(contender, databaseUrl));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}
