import { User } from '../auth/entities/user.entity';
import { sameText } from '../database/same-text';
import { EnterpriseRight } from '../enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../enterprise/entities/enterprise.entity';
import { identityOf } from '../enterprise/identities';
import { bind, grant } from '../enterprise/rights';
import { assertEmployee } from '../wechat-customers/bind.command';
import type { Setup } from './setup-file';
import type { Step, Wanted } from './wanted';

type Right = Setup['rights'][number];

export async function planRights(wanted: Wanted): Promise<(Step | undefined)[]> {
  const steps: (Step | undefined)[] = [];
  for (const [n, each] of wanted.setup.rights.entries()) steps.push(await planRight(wanted, each, n));
  return steps;
}

async function planRight(wanted: Wanted, right: Right, n: number): Promise<Step | undefined> {
  const { database, actor } = wanted;
  const { username, business_id: enterpriseId, identity, employee } = right;
  const stored = await storedRight(wanted, right, n);
  if (employee) {
    await wanted.at(['rights', n, 'employee'], () => assertEmployee(database, enterpriseId, employee));
  }
  const isGranted = identityOf(stored?.identity ?? 0)?.word === identity;
  const isBound = employee === undefined || employee === (stored?.userid ?? '');
  if (isGranted && isBound) return undefined;
  const fields = [...(isGranted ? [] : ['identity']), ...(isBound ? [] : ['employee'])];
  const what = `right of ${username} in enterprise ${enterpriseId}`;
  return {
    line: stored ? `~ ${what} ${fields.join(', ')}` : `+ ${what}`,
    run: async () => {
      if (!isGranted) await grant(database, username, enterpriseId, identity, actor);
      if (!isBound) await bind(database, username, enterpriseId, employee, actor);
    },
  };
}

/** Undefined if there is none yet. @throws OperatorError for an account or enterprise that is neither stored nor in the file */
async function storedRight(wanted: Wanted, right: Right, n: number): Promise<EnterpriseRight | undefined> {
  const { database, setup } = wanted;
  const { username, business_id: enterpriseId } = right;
  const user = await database.manager.findOneBy(User, { username: sameText(username) });
  if (!user && !setup.accounts.some((account) => account.username === username)) {
    throw wanted.fault(['rights', n, 'username'], `no account is called ${username}`);
  }
  const isStored = await database.manager.existsBy(Enterprise, { id: enterpriseId });
  if (!isStored && !setup.enterprises.some(({ id }) => id === enterpriseId)) {
    throw wanted.fault(['rights', n, 'business_id'], `there is no enterprise ${enterpriseId}`);
  }
  const where = user && { enterpriseId, userId: user.userId };
  return (where && (await database.manager.findOneBy(EnterpriseRight, where))) ?? undefined;
}
