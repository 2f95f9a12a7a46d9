import { planAccounts } from './accounts';
import { planCustomers } from './customers';
import { planEnterprises } from './enterprises';
import { planRights } from './rights';
import type { Setup } from './setup-file';
import type { Step, Wanted } from './wanted';

/** What is to be done for a list of the file, and how much of it is so already. */
export interface Plan {
  things: keyof Setup;
  steps: Step[];
  equal: number;
}

/**
 * Compares a file with what is stored; changes nothing.
 * @returns in the order in which it has to be done
 * @throws OperatorError naming the place of the first fault in the file
 */
export async function planOf(wanted: Wanted): Promise<Plan[]> {
  return [
    planned('accounts', await planAccounts(wanted)),
    planned('enterprises', await planEnterprises(wanted)),
    planned('rights', await planRights(wanted)),
    planned('customers', await planCustomers(wanted)),
  ];
}

function planned(things: keyof Setup, each: (Step | undefined)[]): Plan {
  const steps = each.filter((step) => step !== undefined);
  return { things, steps, equal: each.length - steps.length };
}
