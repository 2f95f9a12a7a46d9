import type { Worker } from 'node:cluster';

/** What Node's primary says to a worker and hears from it, beside a connection (lib/internal/cluster/utils.js). */
interface Handing {
  act?: string;
  seq?: number;
  ack?: number;
}

/** A connection that the primary has accepted. */
interface Connection {
  close(): void;
}

/**
 * Keeps a client from waiting in vain when a worker dies between being handed its connection and taking it: Node's
 * primary forgets the connection without closing it. Another worker gets it, and without one it is closed.
 * @param isAnotherServing asked when the worker has ended
 */
export function handOnUntaken(worker: Worker, isAnotherServing: () => boolean): void {
  const { process } = worker;
  const untaken = new Map<number, Connection>();
  const send = process.send.bind(process) as (...said: unknown[]) => boolean;
  process.send = (...said: unknown[]) => {
    const [{ act, seq }, connection] = said as [Handing, Connection];
    if (act === 'newconn') untaken.set(seq!, connection);
    return send(...said);
  };
  process.on('internalMessage', ({ ack }: Handing) => untaken.delete(ack!));
  let isOffTheList = false;
  process.once('disconnect', () => (isOffTheList = true));
  // Emitted once the worker has ended and all that it said has been read.
  process.once('close', () => {
    // Node holds this event back while the worker has not confirmed a connection: for ever, if it is dead.
    if (!isOffTheList) process.emit('disconnect');
    for (const [seq, connection] of untaken) {
      if (isAnotherServing()) process.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: seq, accepted: false });
      else connection.close();
    }
  });
}
