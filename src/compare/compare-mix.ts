import { customerPages, relationPages } from '../import/originals/mix-pages';
import { MixSystem } from '../import/originals/mix-system';
import { compareAllRows } from './all-rows';
import { askBoth, Comparing } from './asking';
import type { CompareOptions, Side } from './compared-with';
import { mixQuestions, randomMixQuestion } from './questions/mix';
import { Random } from './random';
import { CUSTOMER, RELATION } from './rows';
import { samplesOf } from './samples';

/** Compares customers and relations. @throws SystemFailed */
export async function compareMix(
  original: Side,
  own: Side,
  { username, random: count, seed, sample }: CompareOptions,
  comparing: Comparing,
): Promise<void> {
  const theirs = await MixSystem.signIn(original.transport, { username, password: original.password });
  const ours = await MixSystem.signIn(own.transport, { username, password: own.password });
  const systems = { theirs, ours };
  const customers = await samplesOf(customerPages(theirs));
  const samples = { customers, relations: await samplesOf(relationPages(theirs)) };
  for (const question of mixQuestions(samples)) await askBoth(systems, question, comparing);
  const random = new Random(seed);
  for (let n = 0; n < count; n++) await askBoth(systems, randomMixQuestion(samples, random), comparing);
  if (sample) return;
  await compareAllRows({ rows: CUSTOMER, theirs: customerPages(theirs), ours: customerPages(ours) }, comparing);
  await compareAllRows({ rows: RELATION, theirs: relationPages(theirs), ours: relationPages(ours) }, comparing);
}
