import type { Question, System } from '../import/originals/system';
import type { Answer } from '../import/originals/transport';
import { allTags, followPages, getList } from '../import/originals/wechat-pages';
import { WechatSystem } from '../import/originals/wechat-system';
import { compareAllRows } from './all-rows';
import { askBoth, Comparing } from './asking';
import type { CompareOptions, Side } from './compared-with';
import { randomWechatQuestion, wechatQuestions, WechatSamples } from './questions/wechat';
import { Random } from './random';
import { FOLLOW } from './rows';
import { samplesOf } from './samples';

export type WechatOptions = CompareOptions & { uniacid: number; business: number; into?: number; token?: true };

/** Compares follows, tags and employees of an enterprise. @throws SystemFailed */
export async function compareWechat(
  original: Side,
  own: Side,
  options: WechatOptions,
  comparing: Comparing,
): Promise<void> {
  const { uniacid, business, into = business, username, token: isToken, random: count, seed, sample } = options;
  const signIn = ({ transport, password }: Side, businessId: number) =>
    WechatSystem.signIn(transport, { uniacid, businessId }, { username, password, isToken });
  const theirs = await signIn(original, business);
  const ours = renumbered(await signIn(own, into), into, business);
  const systems = { theirs, ours };
  const samples = await samplesFrom(theirs);
  for (const question of wechatQuestions(samples)) await askBoth(systems, question, comparing);
  const random = new Random(seed);
  for (let n = 0; n < count; n++) await askBoth(systems, randomWechatQuestion(samples, random), comparing);
  if (!sample) await compareAllRows({ rows: FOLLOW, theirs: followPages(theirs), ours: followPages(ours) }, comparing);
}

async function samplesFrom(system: System): Promise<WechatSamples> {
  const follows = await samplesOf(followPages(system));
  const untagged = await getList(system, { page: 1, per_page: 1, search: { tags_mode: 'none' } });
  const tagged = follows.rows.filter(({ tag_name }) => tag_name !== '');
  const isNarrowed = untagged.total <= follows.total - tagged.length;
  return { follows, tags: await allTags(system), knowsTagsMode: tagged.length > 0 && isNarrowed };
}

/** A system whose enterprise has another number: its answers speak of the original's. */
function renumbered(system: System, own: number, original: number): System {
  if (own === original) return system;
  const isNumber = (name: string, value: unknown) => ['crop_id', 'business_id'].includes(name) && value === own;
  const renumber = (name: string, value: unknown) => (isNumber(name, value) ? original : value);
  return {
    base: system.base,
    secrets: system.secrets,
    async ask(question: Question): Promise<Answer> {
      const answer = await system.ask(question);
      const text = JSON.stringify(answer.json, renumber) as string | undefined;
      return { ...answer, json: text === undefined ? undefined : JSON.parse(text) };
    },
  };
}
