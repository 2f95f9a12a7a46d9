import { pages, rows } from '../../client/src/index';
import { buildUser, buildUserCustomer } from '../factories';
import { TestApp } from '../app';
import { ADMIN, connect, documentedFetch, failureOf, listen } from './connect';

const USER = 4711;

describe('the pages that the typed client walks', () => {
  let app: TestApp;
  let hub: ReturnType<typeof connect>;
  /** Requests so far. */
  let sent: string[];

  beforeAll(async () => {
    app = await TestApp.start();
    await buildUser(app.dataSource, { userId: USER });
    for (let n = 0; n < 45; n++) await buildUserCustomer(app.dataSource, { userId: USER, customerId: 5000 + n });
    const fetch = (url: string, init: RequestInit) => {
      sent.push(new URL(url).pathname);
      return documentedFetch(url, init);
    };
    sent = [];
    hub = connect(app, { ...ADMIN, fetch });
    await hub.enterprise.manageBusiness({ uniacid: 2, id: 1 });
  });

  beforeEach(() => (sent = []));

  afterAll(() => app?.stop());

  const relations = (page_size: number, signal?: AbortSignal) => (page_index: number) =>
    hub.userCustomer.getCustomerList({ user_id: String(USER), page_index, page_size }, { signal });

  test('family A: all rows, in the order of the list', async () => {
    const ids = [];
    for await (const { customer_id } of rows(relations(10))) ids.push(customer_id);
    expect(ids).toEqual(Array.from({ length: 45 }, (_, n) => 5044 - n));
    expect(sent).toHaveLength(5);
  });

  test('family B: all rows, in the order of the list', async () => {
    const ids = new Set<number>();
    for await (const { id } of rows((page) => hub.wechatCustomers.getList({ uniacid: 2, page, per_page: 20 })))
      ids.add(id);
    expect([...ids]).toEqual([...ids].sort((a, b) => b - a));
    expect([ids.size, sent.length]).toEqual([45, 3]);
  });

  test('pages, with what stands beside the rows', async () => {
    const numbers = [];
    for await (const { page_index, total_records } of pages(relations(30))) numbers.push([page_index, total_records]);
    expect(numbers).toEqual([
      [1, 45],
      [2, 45],
    ]);
  });

  test('an empty list is one request', async () => {
    const search = { customer: 'nobody of this name' };
    for await (const row of rows((page) => hub.wechatCustomers.getList({ uniacid: 2, page, search }))) fail(row);
    expect(sent).toHaveLength(1);
  });

  test('a page is asked for only when the one before has been used', async () => {
    for await (const { customer_id } of rows(relations(10))) if (customer_id === 5035) break;
    expect(sent).toHaveLength(1);
  });

  test('an abort in the middle ends the walk with its reason', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const walk = (async () => {
      for await (const { customer_id } of rows(relations(10, controller.signal))) {
        seen.push(customer_id);
        if (seen.length === 15) controller.abort(new Error('enough'));
      }
    })();
    expect((await failureOf(walk)).message).toBe('enough');
    expect([seen.length, sent.length]).toEqual([20, 2]); // a page that is here is walked to its end
  });
});

describe('a server that does not answer', () => {
  let silent: Awaited<ReturnType<typeof listen>>;

  beforeAll(async () => {
    silent = await listen(() => undefined);
  });

  afterAll(() => silent?.stop());

  const waiting = (server: { url: string }, options: Parameters<typeof connect>[1]) =>
    connect(server, { token: 'any', ...options });

  test('is left when the call is aborted', async () => {
    const controller = new AbortController();
    const call = failureOf(waiting(silent, {}).auth.user({ signal: controller.signal }));
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
  });

  test('is left by all calls when the client is aborted', async () => {
    const controller = new AbortController();
    const hub = waiting(silent, { signal: controller.signal });
    const calls = [hub.auth.user(), hub.userCustomer.getList()].map(failureOf);
    controller.abort();
    for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ name: 'AbortError' });
  });

  test('is left after the time-out of the client, or of the call', async () => {
    expect(await failureOf(waiting(silent, { timeoutMs: 20 }).auth.user())).toMatchObject({ name: 'TimeoutError' });
    expect(await failureOf(waiting(silent, {}).auth.user({ timeoutMs: 20 }))).toMatchObject({ name: 'TimeoutError' });
  });
});
