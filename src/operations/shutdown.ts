import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { whenAnswered } from '../http/edge/answers-owed';
import { ReadinessService } from './readiness';
import { onSignal } from './signals';

/** The process ends after this time, whatever is under way: below the 30 s after which Kubernetes kills. */
const DEADLINE_MS = 25_000;

/** Time in which a connection may still complete a request once the listener is closed. */
const LATE_REQUEST_MS = 1_000;

/**
 * Ends the program on SIGTERM and SIGINT without failing a request. Readiness fails at once, but the program serves for
 * `drainSeconds` while balancers notice; then the listener closes, requests under way are answered, the database closes
 * last, and the exit code is 0. SIGINT, a person's Ctrl-C, does not wait for balancers.
 */
export function endOnSignals(app: NestFastifyApplication, drainSeconds: number): void {
  const connections = new Connections(app.getHttpServer());
  let isEnding = false;
  const end = (signal: string, waitSeconds: number) => {
    if (isEnding) return; // a second signal changes nothing: npm repeats the one the terminal has sent already
    isEnding = true;
    void shutDown(app, connections, signal, waitSeconds);
  };
  onSignal('SIGTERM', () => end('SIGTERM', drainSeconds));
  onSignal('SIGINT', () => end('SIGINT', 0));
}

async function shutDown(
  app: NestFastifyApplication,
  connections: Connections,
  signal: string,
  waitSeconds: number,
): Promise<void> {
  const logger = new Logger('Shutdown');
  setTimeout(() => {
    logger.error(`requests were still under way ${DEADLINE_MS / 1000} s after ${signal}: they are cut off`);
    process.exit(1);
  }, DEADLINE_MS).unref();
  logger.log(`${signal}: serving for ${waitSeconds} s more, then what is under way`);
  app.get(ReadinessService).drain();
  connections.closeAfterAnswers();
  await sleep(waitSeconds * 1000);
  setInterval(() => connections.cutSilent(), LATE_REQUEST_MS).unref();
  try {
    await app.close();
  } catch (error) {
    logger.error(`the shutdown failed: ${(error as Error).name}`);
    process.exit(1);
  }
  logger.log('ended');
  process.exit(0);
}

/** The connections of a server, and the answers under way on them. */
class Connections {
  private readonly open = new Set<Socket>();
  private readonly answers = new Set<ServerResponse>();
  private closing = false;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
    server.prependListener('request', (request: IncomingMessage, answer: ServerResponse) => {
      this.answers.add(answer);
      whenAnswered(request, answer, () => this.answers.delete(answer));
      if (this.closing) answer.setHeader('Connection', 'close');
    });
  }

  /** Makes each answer the last on its connection, so that clients and balancers go elsewhere. */
  closeAfterAnswers(): void {
    this.closing = true;
    for (const answer of this.answers) if (!answer.headersSent) answer.setHeader('Connection', 'close');
  }

  /**
   * Cuts connections without a request: once the listener is closed, Node no longer times out slow clients, and they
   * would hold the process.
   */
  cutSilent(): void {
    const busy = new Set([...this.answers].map(({ socket }) => socket));
    for (const socket of this.open) if (!busy.has(socket)) socket.destroy();
  }
}
