import { AccountChanges, addAccount, assertPasswordLength, changeAccount, setPassword } from '../auth/accounts';
import { User } from '../auth/entities/user.entity';
import { verifyPassword } from '../auth/passwords';
import { sameText } from '../database/same-text';
import { assertStorable } from '../database/storable';
import type { Setup } from './setup-file';
import type { Step, Wanted } from './wanted';

type Account = Setup['accounts'][number];

/** New accounts with a user_id of their own come first: one without takes the next that is free. */
export async function planAccounts(wanted: Wanted): Promise<(Step | undefined)[]> {
  const steps: { account: Account; step?: Step }[] = [];
  for (const [n, account] of wanted.setup.accounts.entries()) {
    steps.push({ account, step: await planAccount(wanted, account, n) });
  }
  const isFirst = ({ account }: { account: Account }) => Number(account.id !== undefined);
  return steps.sort((a, b) => isFirst(b) - isFirst(a)).map(({ step }) => step);
}

async function planAccount(wanted: Wanted, account: Account, n: number): Promise<Step | undefined> {
  const { database, secrets } = wanted;
  const password = account.password && secrets.get(account.password);
  await wanted.at(['accounts', n], () =>
    assertStorable(database.getMetadata(User), { ...account, userId: account.id }),
  );
  if (password !== undefined) await wanted.at(['accounts', n, 'password'], () => assertPasswordLength(password));
  const stored = await database.manager.findOneBy(User, { username: sameText(account.username) });
  return stored ? planChange(wanted, account, stored, password, n) : planNew(wanted, account, password, n);
}

async function planNew(wanted: Wanted, account: Account, password: string | undefined, n: number): Promise<Step> {
  const { database, actor } = wanted;
  const { username, id } = account;
  if (password === undefined) throw wanted.fault(['accounts', n, 'password'], 'is missing: the account is new');
  if (id !== undefined && (await database.manager.existsBy(User, { userId: id }))) {
    throw wanted.fault(['accounts', n, 'id'], 'is another account’s');
  }
  return {
    line: `+ account ${username}`,
    run: async () => void (await addAccount(database, username, password, { ...changesOf(account), id }, actor)),
  };
}

async function planChange(
  wanted: Wanted,
  account: Account,
  stored: User,
  password: string | undefined,
  n: number,
): Promise<Step | undefined> {
  const { database, actor } = wanted;
  const { username, id, reset_password: resets = false } = account;
  if (id !== undefined && id !== stored.userId) {
    throw wanted.fault(['accounts', n, 'id'], `is not that of ${username}, which is ${stored.userId}`);
  }
  const is: AccountChanges = { ...stored, super: stored.isSuper === 1, open: stored.isAvailable === 1 };
  const given = Object.entries(changesOf(account)) as [keyof AccountChanges, string | boolean | undefined][];
  const changed = given.filter(([key, value]) => value !== undefined && value !== is[key]);
  const hasNewPassword = resets && password !== undefined && !(await verifyPassword(stored.passwordHash, password));
  const fields = [...changed.map(([key]) => key), ...(hasNewPassword ? ['password'] : [])];
  if (fields.length === 0) return undefined;
  return {
    line: `~ account ${username} ${fields.join(', ')}`,
    run: async () => {
      if (changed.length > 0) await changeAccount(database, username, Object.fromEntries(changed), actor);
      if (hasNewPassword) await setPassword(database, username, password, actor);
    },
  };
}

function changesOf({ super: isSuper, open, email, mobile }: Account): AccountChanges {
  return { super: isSuper, open, email, mobile };
}
