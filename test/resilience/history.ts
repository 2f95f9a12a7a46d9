/** A write or read of one register, between the moments of sending and answer. */
interface Operation {
  register: string;
  value: string;
  begun: number;
  /** Infinity for a write that was never acknowledged: it may take effect at any time. */
  ended: number;
}

/**
 * Records writes and reads, and judges whether a single copy of each register could have answered like that: a value
 * read must come from a write that had begun by then, and no other write may lie wholly between that write and the
 * read.
 */
export class History {
  private readonly writes: Operation[] = [];
  private readonly reads: Operation[] = [];

  /** @param register with its initial value */
  constructor(initial: Record<string, string>) {
    const before = { begun: -Infinity, ended: -Infinity };
    for (const [register, value] of Object.entries(initial)) this.writes.push({ register, value, ...before });
  }

  get acknowledged(): number {
    return this.writes.filter(({ ended }) => Number.isFinite(ended)).length;
  }

  get looks(): number {
    return this.reads.length;
  }

  /** Records a write of several registers at once. @param send tells whether it was acknowledged */
  async write(values: Record<string, string>, send: () => Promise<boolean>): Promise<void> {
    const begun = performance.now();
    const writes = Object.entries(values).map(([register, value]) => ({ register, value, begun, ended: Infinity }));
    this.writes.push(...writes);
    if (await send()) for (const write of writes) write.ended = performance.now();
  }

  async read(look: () => Promise<Record<string, string>>): Promise<void> {
    const begun = performance.now();
    const values = await look();
    const ended = performance.now();
    for (const [register, value] of Object.entries(values)) this.reads.push({ register, value, begun, ended });
  }

  /** Reads that no order of the writes explains: lost updates, stale or invented values. */
  impossible(): string[] {
    return this.reads.filter((read) => !this.isPossible(read)).map(({ register, value }) => `${register} = ${value}`);
  }

  private isPossible(read: Operation): boolean {
    const writes = this.writes.filter(({ register }) => register === read.register);
    return writes.some(
      (write) =>
        write.value === read.value &&
        write.begun < read.ended &&
        !writes.some((later) => later.begun > write.ended && later.ended < read.begun),
    );
  }
}
