import { progressBar } from '../../base/progress-bar';
import type { RunReply } from './run.reply';

/** Tells how far a run is, on standard error. */
export interface Progress {
  show(run: RunReply): void;
  end(): void;
}

export function showProgress(): Progress {
  const bar = progressBar('{bar} {value} of {total} employees, {seen} follows{note}');
  bar.start(0, 0, { seen: 0, note: '' });
  return {
    show: ({ employees, follows, waiting_until: until }) => {
      bar.setTotal(employees.total);
      const note = until ? `, waiting for WeCom's limit until ${until}` : '';
      bar.update(employees.done + employees.failed, { seen: follows.seen, note });
    },
    end: () => bar.stop(),
  };
}
