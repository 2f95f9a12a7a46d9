import { golden } from '../golden';
import { committedDocument, DocumentedAnswers } from './answers';

const GET = '/api/user_customer/get';
const LIST = '/business/2/plugin/WechatCustomers/getList?page=1';

/** What is caught in every end-to-end test, where each answer is compared with the document. */
describe('an answer compared with the document', () => {
  const answers = new DocumentedAnswers(committedDocument());
  const complaint = (path: string, body: unknown, status = 200, method = 'POST') =>
    answers.complaint(method, path, { status, text: JSON.stringify(body), body });

  const relation = JSON.parse(golden('user_customer.get'));
  const list = JSON.parse(golden('wechat_customers.getList'));
  const refused = { result: 0, msg: '记录不存在', data: [] };

  test('may be the documented one, good or bad', () => {
    expect(complaint(GET, relation)).toBeUndefined();
    expect(complaint(LIST, list)).toBeUndefined();
    expect(complaint(LIST, list, 200, 'GET')).toBeUndefined();
    expect(complaint(LIST, JSON.parse(golden('wechat_customers.forbidden')))).toBeUndefined();
    expect(complaint(LIST, { result: 0, msg: '请登录', data: { login_status: 1 } })).toBeUndefined();
    expect(
      complaint(LIST.replace('2', '..%2F..%2Fetc'), { result: 0, msg: '请登录', data: { login_status: 1 } }),
    ).toBeUndefined();
    expect(complaint('/business/2/nothing', { result: 0, msg: '不存在的接口', data: [] })).toBeUndefined();
  });

  const withoutField = structuredClone(relation);
  delete withoutField.result.reference;
  const withoutPartnersField = structuredClone(list);
  delete withoutPartnersField.data.data[0].has_one_customer.gender;

  test.each<[string, string, unknown]>([
    ['a missing field', GET, withoutField],
    ['a field more', GET, { ...relation, result: { ...relation.result, secret: '5JHC' } }],
    ['a missing field of a partner', LIST, withoutPartnersField],
    ['a missing key of the envelope', LIST, { result: 1, data: list.data }],
    ['a number as text', GET, { ...relation, result: { ...relation.result, user_id: '998' } }],
    ['a broken number', GET, { ...relation, result: { ...relation.result, user_id: 998.5 } }],
    ['null for a text', GET, { ...relation, result: { ...relation.result, reference: null } }],
    ['another form of a time', GET, { ...relation, result: { ...relation.result, created: '2018-11-28T10:40:31Z' } }],
    ['the envelope of family B', GET, refused],
    ['the envelope of family A', LIST, relation],
    ['a failure with the code of a success', GET, { ...relation, result: [] }],
    ['a success with the code of a failure', GET, { ...relation, code: 500 }],
    ['a failure with a payload', LIST, { ...refused, data: list.data }],
    ['null for a failure', LIST, { ...refused, data: null }],
    ['another login_status', LIST, { result: 0, msg: '请登录', data: { login_status: 3 } }],
    ['no object', GET, {}],
  ])('%s is caught', (_case, path, body) => {
    expect(complaint(path, body)).toMatch(/must/);
  });

  test('a status that is not documented is caught', () => {
    expect(complaint(GET, relation, 201)).toBe(`POST ${GET}: HTTP 201 is not documented`);
    expect(complaint('/api/nothing', refused, 500)).toMatch('must');
  });
});
