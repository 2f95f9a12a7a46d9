import type { DataSource } from 'typeorm';
import { inTransaction } from '../../database/transaction';
import { rebuildFollowIndex } from './change-follows';

/** Derives search terms and counters of all enterprises anew, in one transaction. @returns the number of live follows */
export function reindex(dataSource: DataSource): Promise<number> {
  return inTransaction(dataSource, async (manager) => {
    let follows = 0;
    await rebuildFollowIndex(manager, (done) => (follows += done));
    return follows;
  });
}
