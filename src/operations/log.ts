import { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Env } from '../config/env';
import { openLogOutput } from './log-output';

/** Contexts in which Nest logs what it builds at start, of no use to an operator. */
const OF_NEST = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/**
 * The log of a process: one JSON object per line on standard output. It never holds a body, a query string, a header or
 * an error's message, all of which may quote client input.
 */
export function createLog({ LOG_LEVEL }: Pick<Env, 'LOG_LEVEL'>, output: DestinationStream = process.stdout): Logger {
  return pino(
    {
      level: LOG_LEVEL,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: describe, req: () => undefined, res: () => undefined },
    },
    output,
  );
}

/** The log of the program, which goes on without it when standard output takes no more. */
export function openLog(env: Pick<Env, 'LOG_LEVEL'>): Logger {
  const output = openLogOutput();
  const log = createLog(env, output);
  output.onLinesLost((lines) => log.error({ lines }, 'lines of this log are lost: standard output did not take them'));
  return log;
}

/** Routes Nest's `Logger` into the log of the process. */
export class NestLog implements LoggerService {
  constructor(private readonly root: Logger) {}

  log(message: unknown, context?: string): void {
    this.write(context && OF_NEST.has(context) ? 'debug' : 'info', message, context);
  }

  fatal(message: unknown, ...[context]: string[]): void {
    this.write('fatal', message, context);
  }

  /**
   * Nest passes a stack before the context; the stack is not logged. The program itself reports what stops Nest's
   * start.
   */
  error(message: unknown, ...rest: string[]): void {
    const context = rest.at(-1);
    if (!context || !OF_NEST.has(context)) this.write('error', message, context);
  }

  warn(message: unknown, context?: string): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, context?: string): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, context?: string): void {
    this.write('trace', message, context);
  }

  private write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace', message: unknown, context?: string) {
    if (message instanceof Error) this.root[level]({ context, err: message });
    else this.root[level]({ context }, String(message));
  }
}

/**
 * Ends the process on an error outside any request, after logging it in place of Node, which would quote its message.
 */
export function logCrashes(log: Logger): void {
  const end = (error: unknown) => {
    log.fatal({ err: error }, 'crashed');
    process.exit(1);
  };
  process.once('uncaughtException', end).once('unhandledRejection', end);
}

/**
 * An error for the log: its class, the driver's code and the place in our own code. Never the message, which may quote
 * SQL, parameters or client input.
 */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `non-error thrown: ${typeof thrown}`;
  const { code } = thrown as { code?: unknown };
  const frame = thrown.stack
    ?.split('\n')
    .find((line) => /[\\/](dist|src)[\\/]/.test(line) && !/node_modules|transaction\.[jt]s/.test(line));
  const place = frame?.match(/([\w.-]+:\d+):\d+\)?$/)?.[1];
  return [thrown.constructor.name, typeof code === 'string' ? code : undefined, place && `at ${place}`]
    .filter(Boolean)
    .join(' ');
}
