import type { Env } from './config/env';

/** What the program prints once it serves: where the documentation is and, with demo data, a curl for each family. */
export function welcome(url: string, env: Env): string {
  const lines = ['', `customer-hub: ${url}`, `  docs:     ${url}/docs`];
  if (env.DATABASE_URL.startsWith('sqlite:') && env.DEMO_DATA) lines.push(...examples(url));
  return [...lines, ''].join('\n');
}

function examples(url: string): string[] {
  return [
    '  demo accounts: admin / demo-admin (is_super), demo / demo-user, guest / demo-guest (no enterprise)',
    '',
    '  # sign in, keep the token',
    `  TOKEN=$(curl -s ${url}/api/login -d 'username=admin&password=demo-admin' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    '  # family A: the relations of user 998',
    `  curl -s ${url}/api/user_customer/get_list -H "Authorization: Bearer $TOKEN" -d 'condition=[["user_id","=","998"]]'`,
    '  # family B: choose enterprise 1 of uniacid 2, then its customers',
    `  curl -s ${url}/business/2/admin/manageBusiness -H "Authorization: Bearer $TOKEN" -d id=1`,
    `  curl -sg '${url}/business/2/plugin/WechatCustomers/getList?search[status]=1&per_page=2' -H "Authorization: Bearer $TOKEN"`,
  ];
}
