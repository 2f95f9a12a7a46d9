/**
 * Makes the pictures of the READMEs anew, in docs/images: the Swagger page of the built program with demo data, in
 * headless Chromium. Needs Chromium and a Chinese font (Debian: chromium, fonts-wqy-microhei).
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '..');
const IMAGES = join(ROOT, 'docs/images');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** About the width of a README on GitHub, so that letters keep their size. */
const WIDTH = 960;

/** What is below is cut off: a README shows a glance, the page itself the rest. */
const HEIGHT = 1000;

/** No port and token, which differ at each run, and a text area no larger than the example. */
const STYLE = `.curl-command, .request-url { display: none }
  .body-param__text { height: 90px !important; min-height: 0 !important }`;

if (!CHROMIUM) throw new Error('pictures: no Chromium installed');
if (!execFileSync('fc-list', [':lang=zh'], { encoding: 'utf8' }))
  throw new Error('pictures: no Chinese font installed');

const folder = mkdtempSync(join(tmpdir(), 'customer-hub-pictures-'));
const server = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
  cwd: folder,
  env: { PATH: process.env.PATH, PORT: '0', DRAIN_SECONDS: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const url = await printedBy(server, /serves (http:\S+)/);
  mkdirSync(IMAGES, { recursive: true });
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.goto(`${url}/docs`);
  await page.waitForSelector('.opblock');
  await page.addStyleTag({ content: STYLE });
  await page.screenshot({ path: join(IMAGES, 'swagger.png') });
  await signIn(page, url);
  await executed(page, '/api/user_customer/get_customer_list', 'swagger-user-customer.png');
  await parametersOf(page, '/business/{uniacid}/plugin/WechatCustomers/getList', 'swagger-wechat-customers.png');
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** @returns what a program prints at the place of the pattern's group */
function printedBy({ stdout }, pattern) {
  let output = '';
  return new Promise((found, missing) => {
    stdout.on('data', (chunk) => {
      output += chunk;
      if (pattern.test(output)) found(pattern.exec(output)[1]);
    });
    stdout.on('end', () => missing(new Error('pictures: the program ended')));
  });
}

/** The token goes into the page as a person would put it there. */
async function signIn(page, url) {
  const form = { username: 'demo', password: 'demo-user' };
  const { result } = await (await page.request.post(`${url}/api/login`, { form })).json();
  await page.locator('.auth-wrapper .authorize').first().click();
  const bearer = page.locator('.auth-container').first();
  await bearer.locator('input').fill(result.token);
  await bearer.locator('.authorize').click();
  await bearer.locator('.btn-done').click();
}

async function opened(page, method, path) {
  const block = page.locator(`.opblock-${method}`, { has: page.locator(`[data-path="${path}"]`) });
  await block.locator('.opblock-summary').click();
  await block.locator('.try-out__btn').click();
  return block;
}

async function executed(page, path, file) {
  const block = await opened(page, 'post', path);
  await block.locator('textarea.body-param__text').fill(JSON.stringify({ user_id: 998, page_size: 1 }, null, 2));
  await block.locator('.execute').click();
  await block.locator('.live-responses-table .response-col_status').first().waitFor();
  await picture(page, block, file);
}

async function parametersOf(page, path, file) {
  const block = await opened(page, 'get', path);
  await picture(page, block, file);
}

async function picture(page, block, file) {
  const { x, y, width, height } = await block.boundingBox();
  const top = y + (await page.evaluate('window.scrollY'));
  await page.screenshot({
    path: join(IMAGES, file),
    fullPage: true,
    clip: { x, y: top, width, height: Math.min(height, HEIGHT) },
  });
}
