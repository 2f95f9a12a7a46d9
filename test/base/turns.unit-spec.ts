import { NoTurn, Turns } from '../../src/base/turns';

/** Work that lasts until it is told to end. */
function pending() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

describe('turns', () => {
  test('of one key run in order, as many at once as are allowed; those of another key do not wait', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 10, waitMs: 60_000 });
    const [first, second] = [pending(), pending()];
    const begun: string[] = [];
    const take = (key: string, name: string, work: () => Promise<void> = async () => undefined) =>
      turns.take(key, () => {
        begun.push(name);
        return work();
      });
    const all = [take('a', '1', first.work), take('a', '2', second.work), take('a', '3'), take('a', '4')];
    await take('b', 'other');
    expect(begun).toEqual(['1', '2', 'other']);
    second.end();
    await Promise.all(all.slice(1));
    expect(begun).toEqual(['1', '2', 'other', '3', '4']);
    first.end();
    await all[0];
  });

  test('work that fails passes its turn on', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 10, waitMs: 60_000 });
    const failing = turns.take('', () => Promise.reject(new Error('failed')));
    const next = turns.take('', () => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });

  test('beyond the length of the line there is none', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1, waitMs: 60_000 });
    const { work, end } = pending();
    const taken = [turns.take('a', work), turns.take('a', work)];
    await expect(turns.take('a', work)).rejects.toThrow(NoTurn);
    end();
    await Promise.all(taken);
    expect(await turns.take('a', async () => 'again')).toBe('again');
  });

  test('that comes too late is none, and the line goes on without it', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1, waitMs: 10 });
    const { work, end } = pending();
    const first = turns.take('', work);
    await expect(turns.take('', async () => 'late')).rejects.toThrow(NoTurn);
    end();
    await first;
    expect(await turns.take('', async () => 'again')).toBe('again');
  });

  test('a long line of one key shortens no other', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1, waitMs: 60_000 });
    const { work, end } = pending();
    const all = ['a', 'a', 'b', 'b'].map((key) => turns.take(key, work));
    await expect(turns.take('a', work)).rejects.toThrow(NoTurn);
    end();
    await Promise.all(all);
  });
});
