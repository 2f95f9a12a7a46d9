import type { DataSource, EntityManager } from 'typeorm';
import { isConflict } from './errors';

const MAX_TRIES = 5;
/** The pause before another try, at most; doubled each time. */
const PAUSE_MS = 20;

/**
 * Runs `work` in a transaction, and all of it again when the database gave it up in favour of another one: a deadlock or
 * a lock not granted. So `work` does nothing but ask the database, and may run several times.
 */
export async function inTransaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  for (let tried = 1; ; tried++) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      if (!isConflict(error) || tried === MAX_TRIES) throw error;
      const pause = Math.random() * PAUSE_MS * 2 ** tried;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
