import { existsSync, readFileSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { TestApp } from '../app';
import { listen } from './connect';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const DIST = resolve(__dirname, '../../client/dist');

const inBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('typed client not tested in a browser: no Chromium installed');

/** The built client as a page of another origin loads it: a module, and files beside it. */
inBrowser('the typed client in Chromium', () => {
  let app: TestApp;
  let site: Awaited<ReturnType<typeof listen>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await listen(({ url = '/' }, response) => {
      const file = join(DIST, normalize(url));
      if (!existsSync(file) || url === '/') return void response.setHeader('content-type', 'text/html').end('<p>');
      response.setHeader('content-type', 'text/javascript').end(readFileSync(file));
    });
    app = await TestApp.start({ settings: { CORS_ORIGINS: site.url } });
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
    await page.goto(site.url);
  });

  afterAll(async () => {
    await browser?.close();
    site?.stop();
    await app?.stop();
  });

  /** Runs statements in the page, with the client's exports and a `hub`. As text: tests have no types of a browser. */
  const run = (statements: string): Promise<any> =>
    page.evaluate(`import('/index.js').then(async (client) => {
      const hub = client.createClient({ baseUrl: '${app.url}', username: 'admin', password: 'demo-admin' });
      ${statements}
    })`);

  test('signs in once and reads both families', async () => {
    const [user, relations, total] = await run(`
      const calls = [hub.auth.user(), hub.userCustomer.getList(), hub.enterprise.manageBusiness({ uniacid: 2, id: 1 })];
      const [user, relations] = await Promise.all(calls);
      return [user.username, relations.total_records, (await hub.wechatCustomers.getList({ uniacid: 2 })).total];
    `);
    expect([user, relations, total]).toEqual(['admin', 2, 45]);
  });

  test('walks pages', async () => {
    const ids = await run(`
      const ids = [];
      for await (const { customer_id } of client.rows((page_index) => hub.customers.getAllList({ page_index, page_size: 3 }))) {
        ids.push(customer_id);
      }
      return ids.sort();
    `);
    expect(ids).toEqual([1001, 1002, 1003, 1004]);
  });

  test('knows the class of a failure, and its request id across origins', async () => {
    const [isBadParameter, message, requestId] = await run(`
      const error = await hub.userCustomer.getList({ page_size: 5000 }).catch((error) => error);
      return [error instanceof client.BadParameterError, error.message, error.requestId];
    `);
    expect([isBadParameter, message]).toEqual([true, '请求参数错误：page_size 不能大于1000']);
    expect(requestId).toMatch(/^[\w-]{36}$/);
  });

  test('leaves a call that is aborted', async () => {
    const name = await run(`
      const controller = new AbortController();
      const call = hub.auth.user({ signal: controller.signal }).catch(({ name }) => name);
      controller.abort();
      return call;
    `);
    expect(name).toBe('AbortError');
  });
});
