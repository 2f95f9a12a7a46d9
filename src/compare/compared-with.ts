import { progressBar } from '../base/progress-bar';
import { readSecrets } from '../base/secret-input';
import { AskOptions, mannersOf, urlOf } from '../import/originals/options';
import { SystemTransport } from '../import/originals/transport';
import type { Comparing } from './asking';
import { Findings } from './findings';

/** What every comparison is told. */
export interface CompareOptions extends AskOptions {
  against: string;
  ignore: string[];
  json?: true;
  /** How many random questions, and which. */
  random: number;
  seed: number;
  /** Without reading every page. */
  sample?: true;
}

/** A system, and the secret of whom it knows. */
export interface Side {
  transport: SystemTransport;
  password: string;
}

type Compare = (theirs: Side, ours: Side, comparing: Comparing) => Promise<void>;

/** Compares two systems, shows how far it is, prints what it found, and sets the exit code. */
export async function comparedWith(options: CompareOptions, compare: Compare): Promise<void> {
  const [theirUrl, ourUrl] = [urlOf('--with', options.with), urlOf('--against', options.against)];
  const [password, other] = await readSecrets([
    'password at the original',
    'password at customer-hub (empty: the same)',
  ]);
  const theirs = { transport: new SystemTransport(theirUrl, mannersOf(options)), password: password! };
  const ours = { transport: new SystemTransport(ourUrl, mannersOf(options)), password: other || password! };
  const bar = progressBar('{value} answers compared');
  const findings = new Findings(() => [...theirs.transport.secrets, ...ours.transport.secrets]);
  const ignored = (field: string) => options.ignore.some((name) => field === name || field.endsWith(`.${name}`));
  bar.start(0, 0);
  try {
    await compare(theirs, ours, { findings, ignored, onAnswer: () => bar.increment() });
  } finally {
    bar.stop();
    await Promise.all([theirs.transport.close(), ours.transport.close()]);
  }
  console.log(options.json ? JSON.stringify(findings) : String(findings));
  process.exitCode = findings.isEqual ? 0 : 3;
}
