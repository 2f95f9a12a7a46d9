/** A page of the vendor's front: its name in the side bar and its route, both as the built front knows them. */
export interface FrontPage {
  name: string;
  route: string;
  /** The part of the front that it belongs to: `admin` or a plugin. */
  module: string;
  child?: FrontPage[];
}

/** The pages of the vendor's front that this product answers for (CONTRACT 2.2). */
export const PAGES: FrontPage[] = [
  { name: '企业概况', route: 'overview', module: 'admin' },
  { name: '应用中心', route: 'application', module: 'admin' },
  {
    name: '微信客户管理',
    route: 'wechatCustomers',
    module: 'WechatCustomers',
    child: [
      { name: '微信客户管理', route: 'wechatCustomersIndex', module: 'WechatCustomers' },
      { name: '我的客户', route: 'wechatCustomersMy', module: 'WechatCustomers' },
      { name: '我的流失客户', route: 'wechatCustomersMyLoss', module: 'WechatCustomers' },
    ],
  },
];

/** The pages without a page below them, which the front opens. */
export function leavesOf(pages: FrontPage[]): FrontPage[] {
  return pages.flatMap((page) => (page.child ? leavesOf(page.child) : page));
}

/** The kinds of application, in the order of the application centre; the keys are those of `plugin_list`. */
export const APPLICATION_TYPES = [
  { name: '办公管理', key: 'businessApplicationWork' },
  { name: '销售管理', key: 'businessApplicationSales' },
  { name: '工具软件', key: 'businessApplicationTool' },
];

/** The application centre's one application. */
export const WECHAT_CUSTOMERS = {
  title: '微信客户管理',
  description: '管理企业成员添加的微信客户',
  icon: '',
  route: 'wechatCustomers',
  type: 'businessApplicationSales',
  plugin: 'WechatCustomers',
};
