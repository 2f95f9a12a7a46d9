/**
 * Prints the findings of a test, so that a run shows the figures of docs/reliability.md.
 * @param promise the promise under test, in the words of that table
 */
export function measured(promise: string, figures: Record<string, string | number>): void {
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`MEASURED ${promise}: ${text.join(', ')}\n`);
}

/** The value below which a share of the samples lies, in any order: `percentile(times, 0.99)`. */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
