import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from './machine.cjs';

/** Waits until a condition holds. @param limit the milliseconds that this may take on the reference machine */
export async function until(isSo: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  const deadline = performance.now() + patience(limit);
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${patience(limit)} ms: ${isSo.toString()}`);
    await sleep(20);
  }
}
