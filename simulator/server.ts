import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, bodyOf, jsonAnswer, notJson, NOT_FOUND, send, spoilt } from './answers';
import type { CallRecord } from './calls';
import { pageOf } from './cursors';
import { errmsgOf, Refusal } from './errors';
import type { Faults, Request } from './faults';
import type { InFlight } from './in-flight';
import { gettoken, ROUTES } from './routes';
import type { Route, TokenRoute } from './routes/route';
import type { Tokens } from './tokens';

const ROOT = '/cgi-bin/';
const CONTROL = '/simulator/';
const JSON_WARNING = 'Warning: wrong json format.';
/** Query parameters that no record may hold. */
const SECRETS: ReadonlySet<string> = new Set(['access_token', 'corpsecret']);

export interface Parts {
  tokens: Tokens;
  faults: Faults;
  inFlight: InFlight;
  calls: CallRecord[];
  /** Milliseconds after which every call is answered. What it reads and does, it does on arrival. */
  latencyMs: () => number;
  /** Answers what comes to /simulator/. */
  control: (action: string, body: string) => Promise<unknown>;
}

/** A call on its way to an answer. */
interface Arrived extends Request {
  method: string;
  query: URLSearchParams;
  token: string;
  address: string;
  /** Calls in flight with this one. */
  inFlight: number;
  /** Run when the call is over. */
  leaves: (() => void)[];
  /** Put behind errmsg. */
  warning: string;
}

/** WeCom's port. */
export class WecomServer {
  private readonly server: Server;

  constructor(private readonly parts: Parts) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        console.error('simulator:', error); // a mistake of the simulator, or of what a test set up
        send(response, { ...notJson(500), breaks: response.headersSent ? 'before' : undefined });
      });
    });
    this.server.keepAliveTimeout = 60_000;
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((done, fail) => this.server.once('error', fail).listen(port, '127.0.0.1', done));
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const stopped = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await stopped;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const url = new URL(request.url ?? '/', 'http://simulator');
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return; // the caller has gone
    if (url.pathname.startsWith(CONTROL)) return this.handleControl(url.pathname, body, response);
    const path = url.pathname.startsWith(ROOT) ? url.pathname.slice(ROOT.length) : '';
    if (!routeOf(path)) return send(response, NOT_FOUND);
    const query = url.searchParams;
    const token = query.get('access_token') ?? '';
    const corpId = this.parts.tokens.ownerOf(token)?.corp.corpId ?? query.get('corpid') ?? '';
    const { params, warning } = paramsOf(query, body);
    const { count: inFlight, leave } = this.parts.inFlight.enter(corpId, path);
    const page = pageOf(params.cursor);
    const record: CallRecord = { path, corpId, params, page, at, inFlight };
    this.parts.calls.push(record);
    if (path === 'gettoken') this.parts.tokens.count(corpId);
    const leaves = [leave];
    const end = () => {
      record.ms ??= Date.now() - at;
      for (const leaveOne of leaves) leaveOne();
    };
    response.once('close', end);
    const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const rest = { method: request.method ?? '', query, token, address, inFlight, leaves, warning };
    const answer = await this.answer({ path, corpId, params, page, ...rest });
    if (answer === 'hang') return;
    Object.assign(record, { errcode: answer.errcode, status: answer.breaks ? undefined : answer.status });
    end(); // before the caller can send its next
    if (!response.destroyed) send(response, answer);
  }

  private async answer(call: Arrived): Promise<Answer | 'hang'> {
    const { faults, tokens } = this.parts;
    const kind = faults.take(call, 'wire')?.kind;
    if (kind === 'hang') return kind;
    const ms = this.parts.latencyMs();
    const due = ms > 0 ? sleep(ms, undefined, { ref: false }) : undefined;
    if (kind === 'reset') return (await due, { ...NOT_FOUND, breaks: 'before' });
    if (typeof kind === 'object' && 'status' in kind) return (await due, notJson(kind.status, kind.body));
    if (typeof kind === 'object' && 'tokenDeath' in kind) tokens.kill(call.token, kind.tokenDeath);
    const answer = this.worked(call);
    await due;
    return spoilt(answer, faults.take(call, 'after'), routeOf(call.path)?.list);
  }

  /** Works out the answer and does what was asked for. */
  private worked(call: Arrived): Answer {
    const { path, address, warning } = call;
    const route = ROUTES[path];
    try {
      const result = route ? this.business(call, route) : this.fetchToken(call);
      return jsonAnswer({ errcode: 0, errmsg: errmsgOf(0, '', address, warning), ...result });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { errcode, detail } = error;
      return jsonAnswer({ errcode, errmsg: errmsgOf(errcode, detail, address, warning), ...routeOf(path)?.empty });
    }
  }

  private fetchToken(call: Arrived): object {
    this.throwFault(call);
    return gettoken.fetch(this.parts.tokens, call.query, call.address);
  }

  /** In the order that WeCom has been seen to check in: token, address, and then the rest. */
  private business(call: Arrived, route: Route): object {
    const { corp, app } = this.parts.tokens.check(call.token);
    if (app.trustedAddresses && !app.trustedAddresses.includes(call.address)) throw new Refusal(60020);
    if (app.forbidden.some((beginning) => call.path.startsWith(beginning))) throw new Refusal(48002);
    if (app.kind === 'contacts-sync' && route.contactsSync) throw new Refusal(route.contactsSync);
    if (call.inFlight > this.parts.inFlight.limit) throw new Refusal(45033);
    this.throwFault(call);
    if (route.method === 'POST' && call.method !== 'POST') throw new Refusal(40058, 'expect http method POST');
    if (route.isWrite) this.enterPair(call);
    return route.answer({ corp, app, params: call.params });
  }

  private throwFault(call: Arrived): void {
    const kind = this.parts.faults.take(call, 'answer')?.kind;
    if (typeof kind === 'object' && 'errcode' in kind) throw new Refusal(kind.errcode);
  }

  /** @throws Refusal 45035 if another write of the pair is in flight */
  private enterPair({ corpId, params, leaves }: Arrived): void {
    const pair = `${String(params.userid).toLowerCase()} ${String(params.external_userid)}`;
    const { count, leave } = this.parts.inFlight.enter(corpId, `pair ${pair}`);
    leaves.push(leave);
    if (count > 1) throw new Refusal(45035);
  }

  private async handleControl(pathname: string, body: string, response: ServerResponse): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    try {
      const result = (await this.parts.control(pathname.slice(CONTROL.length), body)) ?? {};
      send(response, { status: 200, body: JSON.stringify(result), headers });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      send(response, { status: 400, body: JSON.stringify({ error: message }), headers });
    }
  }
}

function routeOf(path: string): Route | TokenRoute | undefined {
  if (path === 'gettoken') return gettoken;
  return Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
}

/** Query and body together, without secrets. Broken JSON counts as none and is warned of. */
function paramsOf(query: URLSearchParams, body: string): { params: Record<string, unknown>; warning: string } {
  const params: Record<string, unknown> = {};
  for (const [name, value] of query) if (!SECRETS.has(name)) params[name] = value;
  if (body.trim() === '') return { params, warning: '' };
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    if (!isObject) return { params, warning: JSON_WARNING };
    for (const [name, value] of Object.entries(parsed)) if (!SECRETS.has(name)) params[name] = value;
    return { params, warning: '' };
  } catch {
    return { params, warning: JSON_WARNING };
  }
}
