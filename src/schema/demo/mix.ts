/** Their passwords are public: these accounts are for demo data only. */
export const accounts = [
  { userId: 998, username: 'demo', password: 'demo-user', created: '2018-11-28 10:00:00' },
  { userId: 1000, username: 'admin', password: 'demo-admin', isSuper: 1, created: '2018-11-28 10:00:00' },
  { userId: 999, username: 'guest', password: 'demo-guest', created: '2018-11-28 10:00:00' },
];

export const enterprises = [
  { id: 1, uniacid: 2, name: '芸众' },
  { id: 2, uniacid: 2, name: '芸众二店' },
  { id: 3, uniacid: 3, name: '另一公众号的企业' },
];

/** Identities: 1 staff, 2 manager. `guest` has no right, and enterprise 3 no account, so that a leak shows. */
export const rights = [
  { uniacid: 2, enterpriseId: 1, userId: 1000, identity: 2 },
  { uniacid: 2, enterpriseId: 2, userId: 1000, identity: 2 },
  { uniacid: 2, enterpriseId: 1, userId: 998, identity: 1 },
];

export const customers = [
  { customerId: 1001, name: '示例客户一', secret: '5JHC' },
  { customerId: 1002, name: '示例客户二', secret: '8KQD' },
  { customerId: 1003, name: '示例客户三', secret: 'W2MX' },
  { customerId: 1004, name: '示例客户四', secret: '7TPA' },
];

export const userCustomers = [
  { userId: 998, customerId: 1001, template: null, script: null, reference: '', created: '2018-11-28 10:40:31' },
  { userId: 998, customerId: 1002, template: null, script: null, reference: '', created: '2018-11-28 11:04:18' },
];
