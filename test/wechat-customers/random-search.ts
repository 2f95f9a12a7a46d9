import { LAST_MOMENT, SPAN_SECONDS } from '../../bench/data/calendar';
import { TERMS } from '../../bench/data/names';
import type { Random } from '../../bench/data/random';
import type { Contact } from '../../src/wechat-customers/entities/contact.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import type { Search } from './by-relations';

const DAY = 86_400;

/** One to three filters, with values that the large data has. */
export function randomSearch(random: Random, known: Tag[], contacts: Contact[]): Search {
  const search: Search = {};
  for (let n = random.between(1, 3); n > 0; n--) Object.assign(search, random.pick(FILTERS)(random, known, contacts));
  return search;
}

const FILTERS: ((random: Random, known: Tag[], contacts: Contact[]) => Search)[] = [
  (random) => ({ customer: random.pick(['王', '李建', TERMS.common, TERMS.one, TERMS.none]) }),
  (random, _, contacts) => ({ customer: random.pick(contacts).externalUserid }),
  (random, _, contacts) => ({ member: random.chance(0.5) ? 0 : random.pick(contacts).memberUid }),
  (random) => ({ add_way_type: random.pick([0, 1, 2, 8, 9, 202]) }),
  (random, known) => ({ ...someTags(random, known), tags_mode: random.pick(['any', 'all', 'exclude'] as const) }),
  (random, known) => ({ ...someTags(random, known), tags_mode: 'any' }),
  () => ({ tags_data: [], tags_mode: 'none' }),
  (random) => ({ employee_member: `Member${String(random.between(1, 100)).padStart(4, '0')}` }),
  (random) => ({ type: random.between(1, 2) }),
  (random) => ({ status: random.pick([1, -1]) }),
  (random) => ({ remark: random.pick(['王', '上海', '上海采购', TERMS.common, TERMS.one]) }),
  (random) => {
    const from = LAST_MOMENT - random.below(SPAN_SECONDS);
    return { time: [random.chance(0.2) ? '' : from, random.chance(0.2) ? '' : from + random.between(1, 400) * DAY] };
  },
];

/** One to nine tags; the first ones are on far more follows. */
function someTags(random: Random, known: Tag[]): Search {
  const first = random.pick([0, 0, 50, 290]);
  return { tags_data: known.slice(first, first + random.pick([1, 1, 2, 3, 9])).map(({ tagId }) => tagId) };
}
