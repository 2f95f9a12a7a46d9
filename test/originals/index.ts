import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Faults, Kind } from './faults';
import { Mix } from './mix';
import { MixData } from './mix-data';
import { Came, cameIn } from './requests';
import { Wechat } from './wechat';
import { WechatData } from './wechat-data';

interface Size {
  seed?: number;
  /** Of each family. */
  rows?: number;
  /** A path that everything stands below, as `/old`. */
  prefix?: string;
}

const HTML = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * Both originals on one port: a MixIOT below /api/ and a 芸众 below /business/ with seeded rows, built on their public
 * documents and the contract alone. It imports nothing of src/, so that a misreading of ours is not shared.
 */
export class StandIn {
  /** With the prefix. */
  url = '';
  readonly faults = new Faults();
  /** Method and path of each request, in the order of arrival. */
  readonly calls: string[] = [];
  readonly mix: Mix;
  readonly wechat: Wechat;
  private readonly prefix: string;
  private readonly server: Server;

  private constructor({ seed = 1, rows = 20_000, prefix = '' }: Size) {
    this.mix = new Mix(new MixData(seed, rows));
    this.wechat = new Wechat(new WechatData(seed, rows));
    this.prefix = prefix;
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        console.error('stand-in:', error); // a mistake of its own
        response.writeHead(500).end();
      });
    });
  }

  /** @param port any free one unless given */
  static async start(size: Size = {}, port = 0): Promise<StandIn> {
    const standIn = new StandIn(size);
    await new Promise<void>((done) => standIn.server.listen(port, '127.0.0.1', done));
    const { port: found } = standIn.server.address() as AddressInfo;
    standIn.url = `http://127.0.0.1:${found}${standIn.prefix}`;
    return standIn;
  }

  async stop(): Promise<void> {
    const stopped = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await stopped;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const came = await cameIn(request);
    if (!came.path.startsWith(`${this.prefix}/`)) return void response.writeHead(404).end(HTML);
    came.path = came.path.slice(this.prefix.length);
    // The vendor's shop has one path; what is asked stands in its query.
    const path = came.path.endsWith('/api.php') ? `${came.path}/${String(came.query.route)}` : came.path;
    this.calls.push(`${came.method} ${path}`);
    const kinds = this.faults.take(path);
    for (const kind of kinds) await this.before(kind);
    if (kinds.includes('reset')) return void (response.socket as Socket).resetAndDestroy();
    if (kinds.includes('error 500')) return void response.writeHead(500, { 'content-type': 'text/html' }).end(HTML);
    if (kinds.includes('html')) return void response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
    const { body, cookie } = this.answer(kinds.includes('page before') ? pageBefore(came) : came);
    const spoilt = kinds.reduce(without, body);
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      ...(cookie && { 'set-cookie': cookie }),
    });
    response.end(JSON.stringify(spoilt));
  }

  private answer(came: Came): { body: object; cookie?: string } {
    if (came.path.startsWith('/api/')) return { body: this.mix.answer(came) };
    return this.wechat.answer(came, this.url);
  }

  private async before(kind: Kind): Promise<void> {
    if (kind === 'signed out') {
      this.mix.expireTokens();
      this.wechat.expireSessions();
    } else if (typeof kind === 'object' && 'first' in kind) kind.first();
    else if (typeof kind === 'object' && 'slowMs' in kind) await sleep(kind.slowMs, undefined, { ref: false });
  }
}

function pageBefore(came: Came): Came {
  const params = { ...came.params };
  for (const name of ['page', 'page_index']) if (name in params) params[name] = Math.max(1, Number(params[name]) - 1);
  return { ...came, params };
}

function without(body: object, kind: Kind): object {
  if (typeof kind !== 'object' || !('without' in kind)) return body;
  const payload = 'data' in body ? 'data' : 'result';
  const entries = Object.entries((body as Record<string, object>)[payload]!);
  return { ...body, [payload]: Object.fromEntries(entries.filter(([name]) => name !== kind.without)) };
}
