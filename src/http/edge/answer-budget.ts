import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { refuse } from '../output/exception.filter';
import { encodeJson } from '../output/json';
import { whenAnswered } from './answers-owed';
import { Budget, clientOf, OverBudget } from './budget';

/** Answers up to this many bytes are not counted: they fit into the network's own buffers, a connection owes one at most. */
const SMALL = 64 * 1024;

/** Time without progress after which a connection that owes a large answer ends; Node notices after twice that at most. */
const STALLED_MS = 30_000;

/**
 * Bounds the bytes of answers that were sent and that the network has not taken, because clients read slowly or not at
 * all. A large answer without room becomes a 503, which only reads can meet: the answer to a change is small.
 */
export function boundAnswers(fastify: FastifyInstance): void {
  const budget = new Budget('answers');
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // As bytes, because a string would be held together with its bytes.
    const answer = typeof payload === 'string' && payload.length * 3 > SMALL ? Buffer.from(payload) : payload;
    if (!Buffer.isBuffer(answer) || answer.length <= SMALL) return done(null, answer);
    const client = clientOf(request);
    if (!budget.hasRoom(client, answer.length)) return done(null, encodeJson(refuse(new OverBudget(), request, reply)));
    budget.add(client, answer.length);
    whenAnswered(request.raw, reply.raw, () => budget.add(client, -answer.length));
    (request.raw.socket as Partial<Socket>).setTimeout?.(STALLED_MS); // until the connection's next request
    done(null, answer);
  });
}
