import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { User } from '../auth/entities/user.entity';
import { version } from '../base/version';
import { sameText } from '../database/same-text';

/** What a newcomer does next, and the address, command or page for it. */
type Step = [what: string, how: string];

/**
 * The text printed for a newcomer: five next steps, with demo data as commands that run as they are. Undefined once the
 * database has accounts of its own, when standard output belongs to the log.
 */
export async function welcome(app: INestApplication): Promise<string | undefined> {
  const url = await app.getUrl();
  const users = app.get(DataSource).manager;
  if (await users.existsBy(User, { userId: 998, username: sameText('demo') })) {
    return textOf(`serves ${url} with demo data`, stepsWith(onDemoData(url), url));
  }
  if ((await users.count(User)) > 0) return undefined;
  return textOf(`serves ${url}, without an account`, stepsWith(ON_NO_DATA, url));
}

const stepsWith = (trial: Step[], url: string): Step[] => [
  ['open the documentation', `${url}/docs`],
  ...trial,
  ['connect a client', `docs/clients.md, from ${url}/docs-json`],
  ['move in', 'docs/moving-in.md, or npm run cli -- import --help'],
];

/** Family B's list needs a chosen enterprise, so one curl asks for both. */
const onDemoData = (url: string): Step[] => [
  [
    'sign in',
    `URL=${url}; TOKEN=$(curl -s $URL/api/login -d 'username=admin&password=demo-admin' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
  ],
  [
    'list customers',
    'curl -s -H "Authorization: Bearer $TOKEN" "$URL/business/2/admin/manageBusiness?id=1" "$URL/business/2/plugin/WechatCustomers/getList?per_page=2"',
  ],
];

const ON_NO_DATA: Step[] = [
  ['add an account', 'npm run cli -- account add <name> --super'],
  [
    'add an enterprise',
    'npm run cli -- enterprise add <id> <its name> --uniacid <n>, then right grant <name> <id> --identity manager',
  ],
];

function textOf(headline: string, steps: Step[]): string {
  const width = Math.max(...steps.map(([what]) => what.length));
  const lines = steps.map(([what, how], n) => `  ${n + 1}. ${what.padEnd(width)}  ${how}`);
  return ['', `customer-hub ${version()} ${headline}. Next:`, '', ...lines, ''].join('\n');
}
