import { existsSync, mkdirSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { TestApp } from '../app';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const PICTURES = join(__dirname, '..', '..', 'coverage', 'pictures');

const inBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('Swagger page not tested: no Chromium installed');

/** What an integrator does on the page: sign in, authorize, run routes of both families. */
inBrowser('the Swagger page in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    app = await TestApp.start();
    browser = await chromium.launch({
      executablePath: CHROMIUM!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    page.setDefaultTimeout(8000);
    await page.goto(`${app.url}/docs`);
    await page.waitForSelector('.opblock');
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  /** Opens a route, fills parameters or body and presses Execute. @returns the body of the answer */
  async function tryItOut(method: string, path: string, fill: { body?: object; query?: Record<string, string> }) {
    const block = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
    if ((await block.locator('.opblock-body').count()) === 0) await block.locator('.opblock-summary').click();
    await block.locator('.try-out__btn').click();
    if (fill.body) await block.locator('textarea.body-param__text').fill(JSON.stringify(fill.body));
    for (const [name, value] of Object.entries(fill.query ?? {})) {
      await block.locator(`tr[data-param-name="${name}"] input`).first().fill(value);
    }
    const answer = page.waitForResponse((response) => response.url().includes(path.replace('{uniacid}', '2')));
    await block.locator('.execute').click();
    const body = await (await answer).json();
    await block.locator('.live-responses-table .response-col_status').first().waitFor();
    expect(await block.locator('.live-responses-table').innerText()).toContain('200');
    await block.screenshot({ path: join(PICTURES, `${path.split('/').pop()}.png`) });
    await block.locator('.opblock-summary').click();
    return body;
  }

  test('both families answer after signing in and authorizing', async () => {
    await page.screenshot({ path: join(PICTURES, 'docs.png') });
    const login = await tryItOut('post', '/api/login', { body: { username: 'admin', password: 'demo-admin' } });
    expect(login.mix_code).toBe(130002);

    await page.locator('.auth-wrapper .authorize').first().click();
    await page.locator('.auth-container input').first().fill(login.result.token);
    await page.locator('.auth-btn-wrapper .authorize').first().click(); // of the bearer's token
    await page.locator('.auth-btn-wrapper .btn-done').first().click();

    const list = await tryItOut('post', '/api/user_customer/get_list', {
      body: { condition: '[["user_id", "=", "998"]]' },
    });
    expect(list.result.total_records).toBe(2);

    const chosen = await tryItOut('get', '/business/{uniacid}/admin/manageBusiness', {
      query: { uniacid: '2', id: '1' },
    });
    expect(chosen).toEqual({ result: 1, msg: '成功', data: [] });

    const customers = await tryItOut('get', '/business/{uniacid}/plugin/WechatCustomers/getList', {
      query: { uniacid: '2', 'search[customer]': 'Abe', per_page: '2' },
    });
    expect(customers.data.data.map(({ id }: { id: number }) => id)).toEqual([62]);

    const asShown = await tryItOut('post', '/business/{uniacid}/plugin/WechatCustomers/getList', {
      query: { uniacid: '2' },
    });
    expect(asShown.data.data.length).toBeGreaterThan(0);
  });
});

/** A proxy serves the product under a path, which it takes off, and PUBLIC_URL says so. */
inBrowser('the Swagger page under a path', () => {
  let app: TestApp;
  let proxy: Server;
  let browser: Browser;

  beforeAll(async () => {
    proxy = createServer(({ url = '', method, headers }, answer) => {
      const target = url.startsWith('/hub/') ? url.slice('/hub'.length) : '/nowhere';
      request(app.url + target, { method, headers }, (from) => {
        answer.writeHead(from.statusCode!, from.headers);
        from.pipe(answer);
      }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => proxy.once('listening', listening));
    app = await TestApp.start({ settings: { PUBLIC_URL: `http://127.0.0.1:${portOf(proxy)}/hub/` } });
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(async () => {
    await browser?.close();
    proxy?.close();
    await app?.stop();
  });

  test.each(['/hub/docs', '/hub/docs/'])('%s is complete, and its requests go through the proxy', async (path) => {
    const page = await browser.newPage();
    const failed: string[] = [];
    page.on('response', (response) => response.status() >= 400 && failed.push(response.url()));
    await page.goto(`http://127.0.0.1:${portOf(proxy)}${path}`);
    const block = page.locator('.opblock-get', {
      has: page.locator('[data-path="/business/{uniacid}/admin/businessList"]'),
    });
    await block.locator('.opblock-summary').click();
    await block.locator('.try-out__btn').click();
    await block.locator('tr[data-param-name="uniacid"] input').fill('2');
    const answer = page.waitForResponse((response) => response.url().includes('businessList'));
    await block.locator('.execute').click();
    expect(new URL((await answer).url()).pathname).toBe('/hub/business/2/admin/businessList');
    expect((await (await answer).json()).result).toBe(0); // nobody is signed in
    expect(failed).toEqual([]);
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
