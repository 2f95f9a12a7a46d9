/** No turn came within the bounds of {@link Turns}; the client may try again later (HTTP 503). */
export class NoTurn extends Error {
  constructor() {
    super('too much waits for its turn');
  }
}

interface Bounds {
  /** How many of a key run at once. */
  atOnce: number;
  /** How many of a key may wait; one more is refused at once. */
  waiting: number;
  /** Longest wait in milliseconds. */
  waitMs: number;
}

interface Line {
  running: number;
  /** In the order of their coming; absent while none has come, as in most lines. */
  waiting?: Set<() => void>;
}

/** Lets work of the same key run a few at a time; the rest waits in a line that is bounded in length and time. */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly bounds: Bounds) {}

  /** Runs work in its turn. @throws NoTurn when the line is full or the turn comes too late */
  async take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = { running: 0 }));
    if (line.running < this.bounds.atOnce) line.running++;
    else await this.turnIn(line);
    try {
      return await work();
    } finally {
      this.pass(key, line);
    }
  }

  private turnIn(line: Line): Promise<void> {
    const waiting = (line.waiting ??= new Set());
    if (waiting.size >= this.bounds.waiting) throw new NoTurn();
    return new Promise((resolve, reject) => {
      const leave = (end: () => void) => {
        clearTimeout(timer);
        waiting.delete(go);
        end();
      };
      const go = () => leave(resolve);
      const timer = setTimeout(() => leave(() => reject(new NoTurn())), this.bounds.waitMs);
      waiting.add(go);
    });
  }

  /** Hands a turn that has ended to the next in line. */
  private pass(key: string, line: Line): void {
    const next = line.waiting?.values().next().value;
    if (next) return next();
    line.running--;
    if (line.running === 0) this.lines.delete(key);
  }
}
