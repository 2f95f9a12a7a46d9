import { addEnterprise, changeEnterprise } from '../enterprise/enterprises';
import { Enterprise } from '../enterprise/entities/enterprise.entity';
import { assertStorable } from '../database/storable';
import type { Setup } from './setup-file';
import type { Step, Wanted } from './wanted';

export async function planEnterprises(wanted: Wanted): Promise<(Step | undefined)[]> {
  const steps: (Step | undefined)[] = [];
  for (const [n, each] of wanted.setup.enterprises.entries()) steps.push(await planEnterprise(wanted, each, n));
  return steps;
}

async function planEnterprise(
  wanted: Wanted,
  enterprise: Setup['enterprises'][number],
  n: number,
): Promise<Step | undefined> {
  const { database, actor } = wanted;
  const { id, uniacid, name, running = true } = enterprise;
  await wanted.at(['enterprises', n], () => assertStorable(database.getMetadata(Enterprise), enterprise));
  const stored = await database.manager.findOneBy(Enterprise, { id });
  if (!stored) {
    return {
      line: `+ enterprise ${id}`,
      run: async () => {
        await addEnterprise(database, id, uniacid, name, actor);
        if (!running) await changeEnterprise(database, id, { running }, actor);
      },
    };
  }
  if (uniacid !== stored.uniacid) {
    throw wanted.fault(['enterprises', n, 'uniacid'], `is not that of enterprise ${id}, which stays ${stored.uniacid}`);
  }
  const changes = {
    ...(name !== stored.name && { name }),
    ...(enterprise.running !== undefined && running !== (stored.status === 1) && { running }),
  };
  const fields = Object.keys(changes);
  if (fields.length === 0) return undefined;
  return {
    line: `~ enterprise ${id} ${fields.join(', ')}`,
    run: () => changeEnterprise(database, id, changes, actor),
  };
}
