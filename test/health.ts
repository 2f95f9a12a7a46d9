import { TestApp } from './app';

const OK = { database: 'ok', migrations: 'ok', process: 'ok' };

/** Longer than a check of the database is reused. */
export const ANEW_MS = 1_100;

export const get = (app: TestApp, what: 'live' | 'ready') => app.send(`/health/${what}`, { method: 'GET' });

export async function expectReady(app: TestApp): Promise<void> {
  const { status, body } = await get(app, 'ready');
  expect([status, body]).toEqual([200, { status: 'ok', checks: OK }]);
}

export async function expectNotReady(app: TestApp, checks: object): Promise<void> {
  const { status, body } = await get(app, 'ready');
  expect([status, body]).toEqual([503, { status: 'unavailable', checks: { ...OK, ...checks } }]);
}

/** Sends 200 probes, 20 at a time. @returns the seconds they took */
export async function askOften(app: TestApp): Promise<number> {
  const started = performance.now();
  for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 20 }, () => expectReady(app)));
  return (performance.now() - started) / 1000;
}
