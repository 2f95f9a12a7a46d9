import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { User } from '../auth/entities/user.entity';

/**
 * The text printed for a newcomer: where the documentation is and, with demo data, a curl for each family. Undefined
 * once the database has accounts of its own, when standard output belongs to the log.
 */
export async function welcome(app: INestApplication): Promise<string | undefined> {
  const url = await app.getUrl();
  const users = app.get(DataSource).manager;
  const lines = ['', `customer-hub: ${url}`, `  docs:     ${url}/docs`];
  if (await users.existsBy(User, { userId: 998, username: 'demo' })) lines.push(...examples(url));
  else if ((await users.count(User)) === 0) lines.push('  no account yet: npm run cli -- account add <name>');
  else return undefined;
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
