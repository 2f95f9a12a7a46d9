import { existsSync, mkdirSync } from 'node:fs';
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
    await page.locator('.auth-btn-wrapper .authorize').click();
    await page.locator('.auth-btn-wrapper .btn-done').click();

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
