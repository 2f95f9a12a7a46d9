import { existsSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Browser, BrowserContext, chromium, Page } from 'playwright-core';
import { EnterpriseChoice } from '../../src/enterprise/entities/enterprise-choice.entity';
import { TestApp } from '../app';
import { COOKIE, NO_TOKEN } from './old-front';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const inBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('session cookie not tested in a browser: no Chromium installed');

const SIGN_IN = '/addons/yun_shop/api.php?i=2&type=5&route=member.login.index';
const FORM = { mobile: '13800001000', password: 'demo-admin', login_type: 5, remember: 1 };
const MANAGE = '/business/2/admin/manageBusiness?id=2';

/** What Chromium does with the session cookie, for our own pages and for those of others (CONTRACT 2.5). */
inBrowser('the session cookie in Chromium', () => {
  let app: TestApp;
  let attacker: Server;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    app = await TestApp.start();
    attacker = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>hello'));
    await new Promise<void>((resolve) => attacker.listen(0, resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-gpu'] });
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${app.url}/docs`);
    await app.dataSource.getRepository(EnterpriseChoice).clear();
  });

  afterEach(() => context.close());

  afterAll(async () => {
    await browser?.close();
    attacker?.close();
    await app?.stop();
  });

  /** Runs a script in the page. Given as text, because the tests are compiled without the types of a browser. */
  const run = (script: string): Promise<any> => page.evaluate(script);

  /** Posts from the page as the front does. */
  const post = (path: string, json: object = {}) => {
    const headers = { 'content-type': 'application/json', authorization: NO_TOKEN };
    const init = JSON.stringify({ method: 'POST', headers, body: JSON.stringify(json) });
    return run(`fetch('${path}', ${init}).then((answer) => answer.json())`);
  };

  const choice = () => app.row(EnterpriseChoice, { userId: 1000, uniacid: 2 });

  /** A page of another host of our domain (another port stands for it), or of another site. */
  const openAttacker = (host: '127.0.0.1' | 'localhost') =>
    page.goto(`http://${host}:${(attacker.address() as AddressInfo).port}/`);

  test('signs in, is hidden from scripts, works, and ends with the sign-out', async () => {
    expect(await post(SIGN_IN, FORM)).toEqual({ result: 1, msg: '登录成功', data: [] });
    expect(await run('document.cookie')).toBe('');
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: COOKIE, httpOnly: true, sameSite: 'Strict', secure: false, path: '/' });
    expect(cookie!.expires - Date.now() / 1000).toBeGreaterThan(6.9 * 24 * 3600);
    expect((await post('/business/2/admin/getBusinessCommonData')).data.member.username).toBe('admin');
    expect((await post('/business/2/admin/manageBusiness', { id: 2 })).result).toBe(1);
    expect((await post('/business/2/plugin/WechatCustomers/getList')).result).toBe(1);
    expect((await post('/api/user')).msg).toBe('Token不合法，请重新登录');
    expect((await post('/addons/yun_shop/api.php?i=2&route=member.logout.index')).result).toBe(1);
    expect(await context.cookies()).toEqual([]);
    expect((await post('/business/2/admin/businessList')).data).toEqual({ login_status: 1 });
  });

  test('is shared by two tabs; signing in again in one moves both to the new session', async () => {
    await post(SIGN_IN, FORM);
    const second = await context.newPage();
    await second.goto(`${app.url}${MANAGE}`);
    expect(await choice()).toMatchObject({ enterpriseId: 2 });
    await post(SIGN_IN, { ...FORM, mobile: '13800000998', password: 'demo-user' });
    await second.goto(`${app.url}/business/2/admin/getBusinessCommonData`);
    expect(await second.textContent('body')).toContain('"username":"demo"');
  });

  test.each(['127.0.0.1', 'localhost'] as const)('a link and an image on a page at %s change nothing', async (host) => {
    await post(SIGN_IN, FORM);
    await openAttacker(host);
    await run(`new Promise((done) => {
      const image = document.body.appendChild(document.createElement('img'));
      Object.assign(image, { onload: done, onerror: done, src: '${app.url + MANAGE}' });
    }).then(() => undefined)`);
    expect(await choice()).toBeNull();
    await Promise.all([page.waitForURL(app.url + MANAGE), run(`void (location.href = '${app.url + MANAGE}')`)]);
    expect(await page.textContent('body')).toContain('请登录');
    expect(await choice()).toBeNull();
  });

  test.each(['127.0.0.1', 'localhost'] as const)('a form on a page at %s signs nobody in', async (host) => {
    await openAttacker(host);
    const script = `{
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'POST', action: '${app.url + SIGN_IN}' });
      for (const [name, value] of Object.entries(${JSON.stringify(FORM)})) {
        Object.assign(form.appendChild(document.createElement('input')), { name, value });
      }
      form.submit();
    }`;
    await Promise.all([page.waitForURL(app.url + SIGN_IN), run(script)]);
    expect(await page.textContent('body')).toContain('请登录');
    expect(await context.cookies(app.url)).toEqual([]);
  });
});
