const CREATED = '2018-11-28 10:00:00';

/** Their passwords are public: these accounts are for demo data only. */
export const accounts = [
  { userId: 998, username: 'demo', password: 'demo-user', mobile: '13800000998', created: CREATED },
  { userId: 1000, username: 'admin', password: 'demo-admin', isSuper: 1, mobile: '13800001000', created: CREATED },
  { userId: 999, username: 'guest', password: 'demo-guest', created: CREATED },
];

export const enterprises = [
  { id: 1, uniacid: 2, name: '芸众' },
  { id: 2, uniacid: 2, name: '芸众二店' },
  { id: 3, uniacid: 3, name: '另一公众号的企业' },
];

/** Identities: 1 staff, 2 manager; `userid` is the employee that the account is. `guest` has no right, and enterprise 3 no account, so that a leak shows. */
export const rights = [
  { uniacid: 2, enterpriseId: 1, userId: 1000, identity: 2, userid: 'SunXinJian' },
  { uniacid: 2, enterpriseId: 2, userId: 1000, identity: 2 },
  { uniacid: 2, enterpriseId: 1, userId: 998, identity: 1, userid: 'XiaoLiangZi' },
];

export const customers = [
  {
    customerId: 1001,
    name: '示例客户一',
    secret: '5JHC',
    province: '广东省',
    city: '广州市',
    contact: '王经理',
    created: CREATED,
  },
  {
    customerId: 1002,
    name: '示例客户二',
    secret: '8KQD',
    province: '浙江省',
    city: '杭州市',
    contact: '李经理',
    created: CREATED,
  },
  {
    customerId: 1003,
    name: '示例客户三',
    secret: 'W2MX',
    province: '江苏省',
    city: '南京市',
    contact: '张经理',
    created: CREATED,
  },
  {
    customerId: 1004,
    name: '示例客户四',
    secret: '7TPA',
    province: '四川省',
    city: '成都市',
    contact: '刘经理',
    created: CREATED,
  },
];

export const userCustomers = [
  { userId: 998, customerId: 1001, template: null, script: null, reference: '', created: '2018-11-28 10:40:31' },
  { userId: 998, customerId: 1002, template: null, script: null, reference: '', created: '2018-11-28 11:04:18' },
];
