import { UserCustomer } from '../../../src/user-customer/entities/user-customer.entity';
import { Answer, TestApp } from '../../app';
import { golden } from '../../golden';
import { sendBytes } from '../../raw-socket';

const BOUNDARY = '------------------------5f3a9c0d1e2b4a68';

/** What MixIOT's PHP caller adds to every list, whether its author asked for it or not. */
const LIST_DEFAULTS = { is_all: '0', page_index: '1', page_size: '20', condition: '[]', start_time: '', end_time: '' };

/**
 * The PHP caller of MixIOT: curl with `CURLOPT_POSTFIELDS` set to an array, so every request is multipart, values are
 * text and lists are JSON text. A call without parameters is `json_encode([])`, which PHP writes as `[]`.
 */
class PhpCaller {
  private token?: string;

  constructor(private readonly url: string) {}

  async login(username: string, password: string): Promise<Answer> {
    const answer = await this.post('login', { username, password, system: 'MIXIOT', keep_alive: 'default' });
    this.token = answer.body.result.token as string;
    return answer;
  }

  post(route: string, fields: Record<string, string>): Promise<Answer> {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return this.send(route, `multipart/form-data; boundary=${BOUNDARY}`, `${parts.join('')}--${BOUNDARY}--\r\n`);
  }

  postNothing(route: string): Promise<Answer> {
    return this.send(route, 'application/json', '[]');
  }

  private async send(route: string, type: string, body: string): Promise<Answer> {
    const headers = [
      `POST /api/${route} HTTP/1.1`,
      'User-Agent: PHP/8.2',
      'Accept: */*',
      ...(this.token ? [`Authorization: Bearer ${this.token}`] : []),
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    const answer = await sendBytes(this.url, headers, body);
    expect(answer.status).toBe(200);
    return answer;
  }
}

describe("MixIOT's PHP caller", () => {
  let app: TestApp;
  let php: PhpCaller;

  beforeAll(async () => {
    app = await TestApp.start();
    php = new PhpCaller(app.url);
    await php.login('demo', 'demo-user');
  });

  afterAll(() => app.stop());

  test('signs in with its defaults', async () => {
    const { body } = await php.login('demo', 'demo-user');
    expect(body).toMatchObject({ code: 200, msg: '登录成功', mix_code: 130002 });
    expect(body.result).toMatchObject({ user_id: 998, username: 'demo', mobile: '13800000998', keep_alive: 'default' });
    expect(body.result.ticket).toBe(body.result.token);
  });

  test('asks who it is without parameters, written as a JSON list', async () => {
    expect((await php.postNothing('user')).body.result).toMatchObject({ user_id: 998 });
  });

  test('reads the documented list, to the byte, with its defaults', async () => {
    const { text } = await php.post('user_customer/get_list', LIST_DEFAULTS);
    expect(text).toBe(golden('user_customer.get_list'));
    expect((await php.postNothing('user_customer/get_list')).text).toBe(text);
    expect((await php.post('m/user_customer/get_list', LIST_DEFAULTS)).text).toBe(text);
  });

  test('reads one relation and a list by condition', async () => {
    const pair = { user_id: '998', customer_id: '1001' };
    expect((await php.post('user_customer/get', pair)).text).toBe(golden('user_customer.get'));
    const condition = '[["customer_id","=","1002"],["created",">=","2018-11-28"]]';
    const { result } = (await php.post('user_customer/get_list', { ...LIST_DEFAULTS, condition })).body;
    expect(result.data.map((row: { customer_id: number }) => row.customer_id)).toEqual([1002]);
  });

  test('shows the names of the customers it follows', async () => {
    const { body } = await php.post('customer/get_list', { ...LIST_DEFAULTS, is_all: '1' });
    expect([body.code, body.msg]).toEqual([200, 'success']);
    expect(body.result).toMatchObject({ page_index: 1, page_size: 2, total_pages: 1, total_records: 2 });
    const names = body.result.data.map((row: Record<string, unknown>) => [row.customer_name, row.secret]);
    expect(names).toEqual([
      ['示例客户二', ''],
      ['示例客户一', ''],
    ]);
  });

  test('follows, edits and unfollows several customers', async () => {
    const row = () => app.row(UserCustomer, { userId: 998, customerId: 1003 });
    const add = {
      user_id: '998',
      customer_id: '1003',
      secret: 'W2MX',
      template: '<b>{$a}</b>',
      script: '',
      reference: '',
    };
    expect((await php.post('user_customer/add', add)).text).toBe(golden('user_customer.add'));
    expect(await row()).toMatchObject({ template: '<b>{$a}</b>', script: null, reference: '' });
    const edit = { user_id: '998', customer_id: '1003', reference: 'R-7' };
    expect((await php.post('user_customer/edit', edit)).text).toBe(golden('user_customer.edit'));
    expect(await row()).toMatchObject({ template: '<b>{$a}</b>', reference: 'R-7' });
    const several = { user_id: '998', customer_id: '["1003","1004"]' };
    expect((await php.post('user_customer/multi_delete', several)).text).toBe(golden('user_customer.multi_delete'));
    expect(await row()).toBeNull();
  });

  test('signs out, and is told so afterwards', async () => {
    expect((await php.postNothing('logout')).body.code).toBe(200);
    expect((await php.postNothing('user')).body).toMatchObject({ code: 401, msg: 'Token已过期，请重新登录' });
  });
});
