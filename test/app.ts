import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { createApp } from '../src/app';
import { Env, readEnv } from '../src/config/env';
import { fillDemoData } from '../src/schema/demo/fill';
import { connect } from '../src/database/connect';
import { dataSourceOptions } from '../src/schema/data-source';
import { assertDocumented } from './openapi/answers';
import { copyDatabase, createDatabase, TestDatabase } from './database';

/** The body of a test's request: `json`, `form`, or `text` for anything else. */
export interface Send {
  json?: unknown;
  form?: Record<string, string> | string;
  multipart?: Record<string, string>;
  /** A body sent unchanged, with its Content-Type. */
  raw?: { body: string; type: string };
  token?: string;
  headers?: Record<string, string>;
  method?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The body as text. */
  text: string;
  /** The body, parsed. */
  body: any;
}

export interface StartOptions {
  /** Fills in the demo data. */
  demo?: boolean;
  /** Fills the migrated database before the app opens it, instead of the demo data. */
  fill?: (dataSource: DataSource) => Promise<void>;
  /** Environment variables. */
  settings?: Record<string, string>;
  /** The address to listen on. */
  host?: string;
  /** An existing database instead of a new one; dropped when the app stops. */
  database?: TestDatabase;
}

/** The production app on its own port and its own database, with demo data by default. */
export class TestApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly dataSource: DataSource,
    private readonly database: TestDatabase,
    private readonly settings: Record<string, string>,
  ) {}

  /** The URL for another process on the same database. */
  get databaseUrl(): string {
    return this.database.url;
  }

  static async start({
    demo = true,
    fill,
    settings = {},
    host = '127.0.0.1',
    database: given,
  }: StartOptions = {}): Promise<TestApp> {
    const copied = given ? undefined : await copyDatabase(demo && !fill ? 'demo' : 'migrated');
    const database = given ?? copied ?? (await createDatabase());
    // A busy test machine must not cause refusals; a test of the overload limit sets one.
    const defaults = { LOG_LEVEL: 'fatal', DEMO_DATA: 'true', MAX_EVENT_LOOP_DELAY_MS: '0' };
    const env = readEnv({ DATABASE_URL: database.url, ...defaults, ...settings });
    if (!copied) await prepare(env, fill ?? (demo ? fillDemoData : undefined));
    else if (fill) await prepare(env, fill);
    const app = await open(() => createApp(env));
    await app.listen(0, host);
    return new TestApp(app, await app.getUrl(), app.get(DataSource), database, settings);
  }

  /** A second app on the same database with the same settings, like another process; to be stopped before this one. */
  second(): Promise<TestApp> {
    const database = { url: this.database.url, drop: () => Promise.resolve() };
    return TestApp.start({ demo: false, database, settings: this.settings });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }

  /** Sends one request, by default a POST, and reads the whole answer, which must be as openapi.json says. */
  async send(
    path: string,
    { json, form, multipart, raw, token, headers = {}, method = 'POST' }: Send = {},
  ): Promise<Answer> {
    const init: RequestInit & { headers: Record<string, string> } = { method, headers: { ...headers } };
    if (token) init.headers.authorization ??= `Bearer ${token}`;
    if (json !== undefined) {
      init.headers['content-type'] = 'application/json';
      init.body = JSON.stringify(json);
    } else if (form !== undefined) init.body = new URLSearchParams(form);
    else if (multipart) {
      const body = new FormData();
      for (const [name, value] of Object.entries(multipart)) body.append(name, value);
      init.body = body;
    } else if (raw) {
      init.headers['content-type'] = raw.type;
      init.body = raw.body;
    }
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parse(text) };
    assertDocumented(method, path, answer);
    return answer;
  }

  /** Signs in. @returns the token */
  async login(username = 'admin', password = 'demo-admin'): Promise<string> {
    const { body } = await this.send('/api/login', { json: { username, password } });
    return body.result.token;
  }

  /** Signs in and chooses an enterprise. */
  async manage(enterpriseId: number, uniacid = 2, username?: string, password?: string): Promise<string> {
    const token = await this.login(username, password);
    await this.send(`/business/${uniacid}/admin/manageBusiness`, { json: { id: enterpriseId }, token });
    return token;
  }

  /** Reads a row from the database. */
  row<T extends ObjectLiteral>(entity: EntityTarget<T>, where: FindOptionsWhere<T>): Promise<T | null> {
    return this.dataSource.getRepository(entity).findOneBy(where);
  }
}

/** Opens a database, again if a very busy machine took longer than the program waits for a connection. */
async function open<Opened>(attempt: () => Promise<Opened>): Promise<Opened> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 5 || !(error as Error).message.includes('(ETIMEDOUT)')) throw error;
    }
  }
}

/** Migrates and fills a database before an app opens it. */
async function prepare(env: Env, fill?: StartOptions['fill']): Promise<void> {
  const setup = await open(() => connect(dataSourceOptions(env)));
  await setup.runMigrations();
  await fill?.(setup);
  await setup.destroy();
}

function parse(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
