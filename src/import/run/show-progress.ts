import { progressBar } from '../../base/progress-bar';
import type { Tally } from './tally';

/** Tells how far an import is, on standard error. */
export interface Progress {
  /** @param total rows of the source; undefined while unknown */
  show(tally: Tally, total?: number): void;
  end(): void;
}

/** @param kind what is imported, as `customers` */
export function showProgress(kind: string): Progress {
  const bar = progressBar(`{bar} {value}{of} ${kind}: {new} new, {changed} changed, {equal} equal, {refused} refused`);
  bar.start(0, 0, { of: '', ...{ new: 0, changed: 0, equal: 0, refused: 0 } });
  return {
    show: (tally, total) => {
      const seen = tally.new + tally.changed + tally.equal + tally.refused;
      bar.setTotal(total ?? 0);
      bar.update(seen, { ...tally, of: total === undefined ? '' : ` of ${total}` });
    },
    end: () => bar.stop(),
  };
}
