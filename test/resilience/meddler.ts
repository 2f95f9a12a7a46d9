import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';

/** A proxy before a database server that rewrites what clients say, as some that pool connections do. */
export class Meddler {
  /** What to rewrite, into a text of the same length or a shorter one. */
  rewrite?: [said: string, instead: string];
  private readonly clients = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(port: number): Promise<Meddler> {
    const server = createServer();
    const meddler = new Meddler(server);
    server.on('connection', (client) => meddler.serve(client, port));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return meddler;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends all connections, so that clients open new ones. */
  cut(): void {
    for (const client of this.clients) client.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.server.close(closed));
  }

  private serve(client: Socket, port: number): void {
    const server = connect(port, '127.0.0.1');
    this.clients.add(client);
    client.on('data', (data) => server.write(this.rewritten(data)));
    server.on('data', (data) => client.write(data));
    for (const socket of [client, server]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.clients.delete(client);
        client.destroy();
        server.destroy();
      });
    }
  }

  /** Packets carry their length, so the length stays. */
  private rewritten(data: Buffer): Buffer {
    if (!this.rewrite) return data;
    const [said, instead] = this.rewrite;
    return Buffer.from(data.toString('latin1').replace(said, instead.padEnd(said.length)), 'latin1');
  }
}
