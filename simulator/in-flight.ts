/** The calls that are being answered, per corp and API, and the most there have been at once. */
export class InFlight {
  /** Above this a call is refused with 45033. */
  limit = 5;

  private readonly now = new Map<string, number>();
  private readonly most = new Map<string, number>();

  /** @returns the calls in flight with this one, and what ends it */
  enter(corpId: string, path: string): { count: number; leave: () => void } {
    const key = `${corpId} ${path}`;
    const count = (this.now.get(key) ?? 0) + 1;
    this.now.set(key, count);
    this.most.set(key, Math.max(count, this.most.get(key) ?? 0));
    let isOver = false;
    const leave = () => {
      if (!isOver) this.now.set(key, (this.now.get(key) ?? 0) - 1);
      isOver = true;
    };
    return { count, leave };
  }

  /** The most calls in flight at once, refused ones included. */
  highest(corpId: string, path: string): number {
    return this.most.get(`${corpId} ${path}`) ?? 0;
  }

  /** Of all, by "corp path". */
  get allHighest(): Record<string, number> {
    return Object.fromEntries(this.most);
  }

  reset(): void {
    this.most.clear();
  }
}
