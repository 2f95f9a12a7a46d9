import * as fc from 'fast-check';
import { trimmed } from '../../src/http/input/fields';
import { followData } from '../factories';
import type { FollowData } from '../../src/wechat-customers/write/follow-writer';
import { oddText, searched } from './texts';
import { PLAIN, SUPER, TENANT, userIds, World } from './world';

/** What is done to both engines: a request, or what no route does. */
export type Step =
  { caller: string; path: string; json: Record<string, unknown> } | { save: FollowData[] } | { reindex: true };

/** Absent `absent` times as often as present. */
const maybe = <T>(value: fc.Arbitrary<T>, absent = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const OPERATORS = ['=', '>', '<', '>=', '<=', '!=', '<>', 'LIKE', 'like'];
const TIMES = ['2024-02-10', '2024-02-20', '2024-02-20 12:30:00', '2024-02-28', '2024-02-19 23:59:59'];

/** Random steps about a world; the same seed gives the same steps. */
export function randomSteps(world: World, seed: number, count: number): Step[] {
  const { customers, relations, employees, tags, contacts, follows, enterprises } = world;
  const textsOf = (rows: object[]) => [
    ...new Set(rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string')),
  ];
  const relationTexts = searched(textsOf(relations));
  const customerTexts = searched(textsOf(customers));

  const userId = fc.constantFrom(...userIds, 3, 99);
  const customerId = fc.integer({ min: 7001, max: 7058 });
  const numbers = fc.oneof(userId, customerId, fc.constantFrom(0, 1, '1', 1.5, '-1', '7010.5', '00001'));
  const time = fc.constantFrom(...TIMES);

  const condition = (textColumns: string[], texts: fc.Arbitrary<string>, numberColumns: string[]) =>
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...textColumns), fc.constantFrom(...OPERATORS), texts) },
        { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...numberColumns), fc.constantFrom(...OPERATORS), numbers) },
        { weight: 1, arbitrary: fc.tuple(fc.constant('created'), fc.constantFrom(...OPERATORS), time) },
      ),
      { maxLength: 2 },
    );
  const page = {
    page_index: maybe(fc.integer({ min: 1, max: 3 }), 3),
    page_size: maybe(fc.constantFrom(1, 3, 7, '20')),
    is_all: maybe(fc.constantFrom(0, 1), 3),
    start_time: maybe(time, 5),
    end_time: maybe(time, 5),
  };
  const relationCondition = condition(['template', 'script', 'reference'], relationTexts, [
    'user_id',
    'customer_id',
    'is_available',
    'boss_sync',
  ]);
  const customerCondition = condition(
    'customer_name description exp_id province city address phone contact mobile email template script reference'.split(
      ' ',
    ),
    customerTexts,
    ['customer_id'],
  );

  const request = (path: string, weight: number, json: Record<string, fc.Arbitrary<unknown>>) => ({
    weight,
    arbitrary: fc
      .record({ caller: fc.constantFrom(SUPER, SUPER, PLAIN), json: fc.record(json) })
      .map(({ caller, json: given }): Step => ({ caller, path, json: withoutAbsent(given) })),
  });

  const values = { template: maybe(oddText), script: maybe(oddText), reference: maybe(oddText) };
  const customerValues = {
    contact: maybe(oddText),
    city: maybe(oddText),
    email: maybe(oddText),
    script: maybe(oddText),
  };
  const pair = { user_id: userId, customer_id: customerId };
  const secret = fc.oneof(fc.constantFrom(...customers.map((customer) => customer.secret)), fc.constant('x '));
  const known = fc
    .constantFrom(...customers)
    .map((customer) => ({ customer_id: customer.customerId, secret: customer.secret }));

  const id = (ids: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, searched(ids));
  const userids = employees.map(({ userid }) => userid);
  const externalUserids = contacts.map(({ externalUserid }) => externalUserid);
  const customerText = searched([...contacts.map(({ name }) => name), ...externalUserids]);
  const tagIds = tags.map(({ tagId }) => tagId);
  const search = fc.record({
    customer: maybe(customerText, 3),
    member: maybe(fc.nat({ max: 3 }), 9),
    add_way_type: maybe(fc.constantFrom(0, 1, '01', 202, 9), 9),
    tags_data: maybe(fc.array(searched(tagIds), { minLength: 1, maxLength: 3 }), 5),
    tags_mode: maybe(fc.constantFrom('any', 'all', 'exclude', 'none'), 5),
    employee_member: maybe(id(userids), 5),
    type: maybe(fc.integer({ min: 1, max: 3 }), 9),
    status: maybe(fc.constantFrom(1, -1), 9),
    time: maybe(fc.constantFrom([1_695_000_000, 1_705_000_000], ['', 1_700_000_000], [1_700_000_000_000, '']), 9),
    remark: maybe(searched(follows.map(({ remark }) => remark)), 3),
  });
  const pages = { page: maybe(fc.integer({ min: 1, max: 3 }), 4), per_page: maybe(fc.constantFrom(1, 2, 5, 100), 1) };
  const list = { search: search.map(withoutAbsent), ...pages };
  const plugin = (route: string) => `/business/${TENANT.uniacid}/plugin/WechatCustomers/${route}`;
  const names = searched(enterprises.map(({ name }) => name));
  const username = fc.constantFrom(
    SUPER,
    PLAIN,
    'boss ',
    'BOSS',
    'bOss',
    'Böss',
    'Böss ',
    '138',
    '138 ',
    '139',
    'staff\0',
  );

  /** Ids of rows that end in a blank, without it: MySQL's keys take a new row with one of them for the old row. */
  const taken = new Set(
    [...contacts, ...follows]
      .flatMap((row) => ['userid' in row ? row.userid : '', row.externalUserid])
      .filter((stored) => stored.endsWith(' '))
      .map(withoutBlanks),
  );
  const free = (one: string) => (taken.has(withoutBlanks(one)) ? `${withoutBlanks(one)}|` : withoutBlanks(one));
  /** Sometimes with a blank at its end, which the writer refuses. */
  const written = (ids: string[]) =>
    fc.oneof(
      { weight: 9, arbitrary: id(ids).map(free) },
      id(ids).map((one) => `${free(one)} `),
    );
  const saved = fc
    .record({
      externalUserid: written(externalUserids),
      userid: written(userids),
      name: oddText,
      remark: oddText,
      tagId: id(tagIds),
      addWay: fc.constantFrom('0', '1', '202'),
      memberUid: fc.nat({ max: 2 }),
    })
    .map(({ externalUserid, name, memberUid, ...follow }) =>
      followData({ contact: { externalUserid, name, memberUid }, follow }),
    );

  /** Those that getDetails can be asked for: it trims ids. */
  const shown = follows.filter(({ userid, externalUserid }) => [userid, externalUserid].every(isTrimmed));

  const step = fc.oneof(
    request('/api/user_customer/get_list', 12, { condition: relationCondition, ...page }),
    request('/api/m/user_customer/get_list', 2, {
      condition: relationCondition.map((each) => JSON.stringify(each)),
      ...page,
    }),
    request('/api/user_customer/get_customer_list', 4, { user_id: userId, condition: relationCondition, ...page }),
    request('/api/user_customer/get', 1, pair),
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('get', 'get', 'delete'), fc.constantFrom(...relations))
        .map(([route, { userId: user_id, customerId: customer_id }]): Step => ({
          caller: SUPER,
          path: `/api/user_customer/${route}`,
          json: { user_id, customer_id },
        })),
    },
    request('/api/user_customer/add', 2, { ...pair, secret, ...values }),
    {
      weight: 4,
      arbitrary: fc.tuple(known, userId, fc.record(values)).map(([customer, user_id, given]): Step => ({
        caller: SUPER,
        path: '/api/user_customer/add',
        json: withoutAbsent({ ...customer, user_id, ...given }),
      })),
    },
    request('/api/user_customer/edit', 4, { ...pair, ...values }),
    request('/api/user_customer/delete', 1, pair),
    request('/api/user_customer/multi_delete', 1, {
      user_id: userId,
      customer_id: fc.array(customerId, { maxLength: 3 }),
    }),
    request('/api/customer/get_list', 4, { condition: customerCondition, ...page }),
    request('/api/customer/get_all_list', 14, { condition: customerCondition, ...page }),
    request('/api/customer/get', 1, { customer_id: customerId }),
    request('/api/customer/add', 1, {
      customer_id: customerId,
      customer_name: oddText,
      secret: oddText,
      ...customerValues,
    }),
    request('/api/customer/edit', 2, { customer_id: customerId, customer_name: maybe(oddText), ...customerValues }),
    request('/api/customer/delete', 1, { customer_id: customerId }),
    request('/api/login', 1, {
      username,
      password: fc.constantFrom('password', 'password '),
      system: maybe(fc.constant('APP')),
    }),
    request('/api/user', 1, {}),
    request('/addons/yun_shop/api.php?i=2&type=5&route=member.login.index', 1, {
      mobile: username,
      password: fc.constant('password'),
      login_type: fc.constant(5),
    }),
    request(plugin('getList'), 40, list),
    request(plugin('myCustomerList'), 6, list),
    request(plugin('myLossCustomerList'), 4, list),
    request(plugin('getDetails'), 6, { external_userid: id(externalUserids), userid: id(userids) }),
    {
      weight: 5,
      arbitrary: fc.constantFrom(...shown).map(({ userid, externalUserid }): Step => ({
        caller: SUPER,
        path: plugin('getDetails'),
        json: { external_userid: externalUserid, userid },
      })),
    },
    request(plugin('getTagList'), 4, { search: fc.record({ name: searched(tags.map(({ name }) => name)) }), ...pages }),
    request('/business/2/admin/businessList', 3, { name: maybe(names) }),
    request('/business/2/admin/getBusinessSurvey', 1, {}),
    request('/business/2/admin/getBusinessCommonData', 1, { is_business: fc.constantFrom(0, 1) }),
    { weight: 4, arbitrary: fc.array(saved, { minLength: 1, maxLength: 3 }).map((save): Step => ({ save })) },
    { weight: 1, arbitrary: fc.constant<Step>({ reindex: true }) },
  );
  return fc.sample(step, { seed, numRuns: count });
}

const withoutBlanks = (text: string) => text.replace(/ +$/, '');
const isTrimmed = (text: string) => text === trimmed(text);

function withoutAbsent<T extends object>(given: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
