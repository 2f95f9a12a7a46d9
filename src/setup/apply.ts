import type { DataSource } from 'typeorm';
import { operator } from '../audit/operator';
import { isSharedMobile } from '../auth/accounts';
import { planOf } from './plan';
import { secretsOf } from './secrets';
import { readSetupFile, Setup } from './setup-file';
import { Wanted } from './wanted';

/**
 * Reads a file with the secrets that it names.
 * @returns what brings a database to it: prints a line for each step once it is done, or with `dryRun` what it would be
 * @throws OperatorError naming the place in the file
 */
export async function setupBy(file: string, environment: NodeJS.ProcessEnv) {
  const setup = readSetupFile(file);
  const secrets = await secretsOf(file, setup, environment);
  return async (database: DataSource, dryRun: boolean): Promise<void> => {
    const plans = await planOf(new Wanted(database, file, setup, secrets, operator()));
    const steps = plans.flatMap((plan) => plan.steps);
    for (const { line, run } of steps) {
      if (!dryRun) await run();
      console.log(line);
    }
    console.log(`= ${plans.map(({ things, equal }) => `${equal} ${things}`).join(', ')}`);
    console.log(dryRun || steps.length === 0 ? 'nothing is changed' : `done: ${steps.length} changes`);
    if (!dryRun) await warnOfSharedMobiles(database, file, setup);
  };
}

async function warnOfSharedMobiles(database: DataSource, file: string, { accounts }: Setup): Promise<void> {
  for (const [n, { mobile }] of accounts.entries()) {
    if (!mobile || !(await isSharedMobile(database, mobile))) continue;
    console.warn(`${file}: accounts[${n}].mobile: another account has it: neither can sign in by it`);
  }
}
