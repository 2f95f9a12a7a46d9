import { request } from 'node:http';
import { parse } from 'qs';
import { Send, TestApp } from '../app';
import { buildContact, buildEnterprise, buildFollow, buildRight } from '../factories';

const PAGE_KEYS = ['current_page', 'data', 'first_page_url', 'from', 'last_page', 'last_page_url', 'next_page_url'];
PAGE_KEYS.push('path', 'per_page', 'prev_page_url', 'to', 'total', 'count', 'tag', 'employee');

/** The pages of getList, as Laravel 6 builds them (CONTRACT 2.3). */
describe('paging of getList', () => {
  let app: TestApp;
  let token: string;
  let uniacid = 7000;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** A new enterprise in a new uniacid, chosen by the signed-in user. */
  async function openEnterprise() {
    const enterprise = await buildEnterprise(app.dataSource, { uniacid: ++uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: enterprise.id });
    await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterprise.id } });
    tenant = { uniacid, enterpriseId: enterprise.id };
  }

  const path = () => `/business/${tenant.uniacid}/plugin/WechatCustomers/getList`;

  async function list({ query = '', ...options }: Send & { query?: string } = {}) {
    const { status, body } = await app.send(path() + query, { token, ...options });
    expect(status).toBe(200);
    expect(body).toMatchObject({ result: 1, msg: 'ok' });
    return body.data;
  }

  const idsOf = ({ data }: any): number[] => data.map(({ id }: { id: number }) => id);

  describe('five follows, two a page', () => {
    /** Newest first. */
    let ids: number[];

    beforeAll(async () => {
      await openEnterprise();
      ids = [];
      for (let n = 0; n < 5; n++) {
        // The oldest row has the newest date, to show that the order is by id alone.
        const follow = await buildFollow(app.dataSource, { ...tenant, createtime: 2000 - n, remark: `客户 & ${n}` });
        ids.unshift(follow.id);
      }
    });

    const pageUrl = (page: number) => `${app.url}${path()}?page=${page}&per_page=2`;

    test('keys are in the order of the document', async () => {
      expect(Object.keys(await list({ json: { per_page: 2 } }))).toEqual(PAGE_KEYS);
    });

    test('the first page has a next but no previous page', async () => {
      const page = await list({ json: { per_page: 2 } });
      expect(idsOf(page)).toEqual(ids.slice(0, 2));
      expect(page).toMatchObject({ current_page: 1, from: 1, to: 2, last_page: 3, per_page: 2, total: 5, count: 5 });
      expect(page).toMatchObject({ first_page_url: pageUrl(1), last_page_url: pageUrl(3), path: app.url + path() });
      expect(page).toMatchObject({ next_page_url: pageUrl(2), prev_page_url: null });
    });

    test('a middle page has both', async () => {
      const page = await list({ json: { per_page: 2, page: 2 } });
      expect(idsOf(page)).toEqual(ids.slice(2, 4));
      expect(page).toMatchObject({ current_page: 2, from: 3, to: 4 });
      expect(page).toMatchObject({ next_page_url: pageUrl(3), prev_page_url: pageUrl(1) });
    });

    test('the last page may be shorter and has no next page', async () => {
      const page = await list({ json: { per_page: 2, page: 3 } });
      expect(idsOf(page)).toEqual(ids.slice(4));
      expect(page).toMatchObject({ current_page: 3, from: 5, to: 5, next_page_url: null, prev_page_url: pageUrl(2) });
    });

    test('the last page may be exactly full', async () => {
      expect(await list({ json: { per_page: 5 } })).toMatchObject({
        from: 1,
        to: 5,
        last_page: 1,
        next_page_url: null,
      });
    });

    test.each([4, 5, 1_000_000, 2 ** 53 - 1])('page %i, past the end, is empty and not clamped', async (number) => {
      const page = await list({ json: { per_page: 2, page: number } });
      expect(page).toMatchObject({ current_page: number, data: [], from: null, to: null, last_page: 3, total: 5 });
      expect(page).toMatchObject({ next_page_url: null, prev_page_url: pageUrl(number - 1), count: 5 });
    });

    test.each(['0', '-1', '1.5', 'abc', '', ' ', '2x', '1e3', '99999999999999999999', 0, -1, 1.5, true, null, [2], {}])(
      'page %j is page 1',
      async (page) => {
        expect(await list({ json: { page } })).toMatchObject({ current_page: 1, from: 1, to: 5 });
      },
    );

    test('an invalid page in a query is page 1 too', async () => {
      for (const query of ['?page=abc', '?page[]=2', '?page[x]=2', '?page=', '?page=-2']) {
        expect(await list({ query, method: 'GET' })).toMatchObject({ current_page: 1 });
      }
    });

    test.each<[unknown, string]>([
      [0, 'per_page 必须是大于0的整数'],
      ['0', 'per_page 必须是大于0的整数'],
      [true, 'per_page 必须是大于0的整数'],
      [[2], 'per_page 必须是大于0的整数'],
      [{}, 'per_page 必须是大于0的整数'],
      [-1, 'per_page 必须是大于0的整数'],
      [1.5, 'per_page 必须是大于0的整数'],
      ['abc', 'per_page 必须是大于0的整数'],
      ['99999999999999999999', 'per_page 必须是大于0的整数'],
      [101, 'per_page 不能大于100'],
      ['1000', 'per_page 不能大于100'],
    ])('per_page %j is a bad parameter, never silently cut', async (per_page, detail) => {
      const { status, body } = await app.send(path(), { token, json: { per_page } });
      expect(status).toBe(200);
      expect(body).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    });

    test.each<[unknown, number]>([
      [1, 1],
      ['100', 100],
      ['', 15],
      [null, 15],
      [undefined, 15],
    ])('per_page %j means %i', async (per_page, meant) => {
      expect((await list({ json: { per_page } })).per_page).toBe(meant);
    });
  });

  describe('page URLs', () => {
    const ids: number[] = [];
    const search = {
      customer: '客户 & 王?#%+🎉',
      member: 0,
      add_way_type: 0,
      tags_data: ['etA', 'etB'],
      tags_mode: 'exclude',
      employee_member: 'Li Lei',
      type: 2,
      status: -1,
      time: ['', 2000],
      remark: '备=注',
    };

    beforeAll(async () => {
      await openEnterprise();
      const columns = { ...tenant, addWay: '0', status: -1, createtime: 1000, remark: '备=注' };
      for (let n = 0; n < 5; n++) {
        const contact = await buildContact(app.dataSource, { ...tenant, name: search.customer, externalType: 2 });
        ids.unshift((await buildFollow(app.dataSource, { ...columns, contact, userid: 'Li Lei' })).id);
        await buildFollow(app.dataSource, tenant); // matches no filter
      }
    });

    test('next_page_url leads through all rows once, id descending, and ends', async () => {
      const seen: number[] = [];
      let next: string | null = pathAndQuery((await list({ json: { search, per_page: 2 } })).first_page_url);
      for (let page = 1; next !== null; page++) {
        const { body } = await app.send(next, { token, method: 'GET' });
        expect(body.data).toMatchObject({ current_page: page, total: ids.length });
        seen.push(...idsOf(body.data));
        next = body.data.next_page_url && pathAndQuery(body.data.next_page_url);
      }
      expect(seen).toEqual(ids);
    });

    test('first, last, previous and next lead to their pages', async () => {
      const middle = await list({ json: { search, per_page: 2, page: 2 } });
      for (const [url, page] of [
        [middle.first_page_url, 1],
        [middle.last_page_url, 3],
        [middle.prev_page_url, 1],
        [middle.next_page_url, 3],
      ]) {
        const { body } = await app.send(pathAndQuery(url), { token });
        expect(body.data).toMatchObject({ current_page: page, total: ids.length });
      }
    });

    test('page comes first, then only the filters in force', async () => {
      const { next_page_url } = await list({ json: { search: { ...search, unknown: 'x' }, per_page: 2, other: 1 } });
      expect(next_page_url).toContain('?page=2&per_page=2&search%5B');
      expect(parse(new URL(next_page_url).search.slice(1))).toEqual({
        page: '2',
        per_page: '2',
        search: {
          customer: search.customer,
          member: '0',
          add_way_type: '0',
          tags_data: 'etA,etB',
          tags_mode: 'exclude',
          employee_member: 'Li Lei',
          type: '2',
          status: '-1',
          time: ['', '2000'],
          remark: '备=注',
        },
      });
    });

    test('search[类型] becomes search[type]', async () => {
      const { first_page_url } = await list({ json: { search: { 类型: '2' } } });
      expect(decodeURIComponent(first_page_url)).toBe(`${app.url}${path()}?page=1&search[type]=2`);
    });

    test('search[类型] that differs from search[type] is repeated beside it', async () => {
      const { first_page_url, total } = await list({ json: { search: { type: 1, 类型: 2 } } });
      const query = new URL(first_page_url as string).searchParams;
      expect([query.get('search[type]'), query.get('search[类型]'), total]).toEqual(['1', '2', 0]);
    });

    test('without filters they are path?page=N', async () => {
      const { first_page_url } = await list({ json: { search: { customer: '', time: ['', ''], tags_data: [] } } });
      expect(first_page_url).toBe(`${app.url}${path()}?page=1`);
    });

    test('a query string of the request is not repeated', async () => {
      const page = await list({ query: '?page=2&token=x&search[customer]=', method: 'GET' });
      expect(page.path).toBe(app.url + path());
      expect(page.prev_page_url).toBe(`${app.url}${path()}?page=1`);
    });
  });

  describe('path', () => {
    beforeAll(openEnterprise);

    test.each(['crm.example.com', 'crm.example.com:8443', '10.0.0.7:3000', '[::1]:3000'])(
      'has the Host of the request: %s',
      async (host) => {
        const { data } = await getWith({ host });
        expect(data.path).toBe(`http://${host}${path()}`);
        expect(data.first_page_url).toBe(`http://${host}${path()}?page=1`);
      },
    );

    test.each(['evil.example/x?y=', 'evil.example#', 'me@evil.example', 'evil.example"><script>', 'a b', '//evil', ''])(
      'never reflects the forged Host "%s"',
      async (host) => {
        expect((await getWith({ host })).data.path).toBe(app.url + path());
      },
    );

    test('ignores X-Forwarded-Host and similar headers', async () => {
      const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'x-original-url': '/evil' };
      expect((await getWith(headers)).data.path).toBe(app.url + path());
    });

    test('has the path of an absolute URL, as proxies send it', async () => {
      const { data } = await getWith({ host: 'crm.example.com' }, `http://crm.example.com${path()}?page=2`);
      expect(data.path).toBe(`http://crm.example.com${path()}`);
    });
  });

  describe('settings', () => {
    const LIST = '/business/2/plugin/WechatCustomers/getList';

    test('PUBLIC_URL replaces scheme and host, BUSINESS_PAGE_SIZE is the default per_page', async () => {
      const settings = { PUBLIC_URL: 'https://crm.example.com', BUSINESS_PAGE_SIZE: '7', BUSINESS_PAGE_SIZE_MAX: '9' };
      const configured = await TestApp.start({ settings });
      try {
        const options = { token: await configured.manage(1) };
        const { data } = (await configured.send(LIST, options)).body;
        expect(data).toMatchObject({ per_page: 7, last_page: 7, path: `https://crm.example.com${LIST}` });
        expect(data.next_page_url).toBe(`https://crm.example.com${LIST}?page=2`);
        const refused = await configured.send(LIST, { ...options, json: { per_page: 10 } });
        expect(refused.body).toEqual({ result: 0, msg: '参数错误：per_page 不能大于9', data: [] });
      } finally {
        await configured.stop();
      }
    });
  });

  /** A GET with headers that fetch does not send. */
  function getWith(headers: Record<string, string>, target = path()): Promise<any> {
    const { hostname, port } = new URL(app.url);
    const options = { hostname, port, path: target, agent: false };
    return new Promise((resolve, reject) => {
      request({ ...options, headers: { authorization: `Bearer ${token}`, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(JSON.parse(text)));
      })
        .on('error', reject)
        .end();
    });
  }
});

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
