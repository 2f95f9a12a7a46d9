import { mixed, pick, wallClock } from './random';

/* Rows of family A, with the golden answers' keys in their order (CONTRACT 1.3, 1.4). */

export interface Account {
  user_id: number;
  username: string;
  password: string;
  is_super: 0 | 1;
}

export interface Relation {
  user_id: number;
  customer_id: number;
  template: string | null;
  script: string | null;
  reference: string;
  created: string | null;
  is_available: 0 | 1;
  boss_sync: 0 | 1;
}

export type Customer = ReturnType<typeof customer>;

/** Customers of each user; a customer is followed by several. */
const FOLLOWED_EACH = 400;
/** The first user_id of those who follow; the super user has an id of its own. */
const FIRST_USER = 2001;
const FIRST_CUSTOMER = 100_001;

const NAMES = ['示例客户', 'Example & Sons', "O'Neil 贸易", '𠮷野家', 'ＦＵＬＬ 公司', '华东<b>贸易</b>', '50%_off 😀'];
const PLACES = [
  ['广东省', '广州市'],
  ['上海市', '上海市'],
  ['', ''],
  ['浙江省', '杭州市'],
] as const;
const TEMPLATES = [null, null, null, '<b>{$name}</b>', '第一行\n第二行', ''];
const SCRIPTS = [null, null, 'alert("你好");', "if (a < 1 && b > '2') {}"];
const REFERENCES = ['', '', 'R-', '合同😀', 'a "quoted" \\ text'];

/** Everything a MixIOT of this seed knows. */
export class MixData {
  readonly accounts: Account[];
  readonly customers: Customer[];
  readonly relations: Relation[];

  /** @param relations how many */
  constructor(seed: number, relations: number) {
    const users = Math.max(1, Math.ceil(relations / FOLLOWED_EACH));
    const boss: Account = { user_id: 1000, username: 'admin', password: 'original-admin', is_super: 1 };
    this.accounts = [boss, ...Array.from({ length: users }, (_, index) => account(index))];
    const customers = Math.max(FOLLOWED_EACH, Math.ceil(relations / 10));
    this.customers = Array.from({ length: customers }, (_, index) => customer(seed, index));
    this.relations = Array.from({ length: relations }, (_, index) => {
      const user = index % users;
      const nth = Math.floor(index / users);
      return relation(seed, index, FIRST_USER + user, FIRST_CUSTOMER + ((user * 37 + nth) % customers));
    });
  }

  /** Follows one more customer now, as a user of the running system might; newest first it stands on page 1. */
  addRelation(): Relation {
    const customer_id = FIRST_CUSTOMER + this.customers.length;
    this.customers.push({ ...customer(1, this.customers.length), created: LATER });
    const added = { ...relation(1, this.relations.length, FIRST_USER, customer_id), created: LATER };
    this.relations.push(added);
    return added;
  }
}

/** After all seeded times. */
const LATER = '2026-01-01 00:00:00';

const account = (index: number): Account => ({
  user_id: FIRST_USER + index,
  username: `user-${FIRST_USER + index}`,
  password: 'original-user',
  is_super: 0,
});

/** Several rows of a second, and now and then none known. */
function createdAt(number: number): string | null {
  return number % 997 === 0 ? null : wallClock(1_500_000_000 + (number % 1_500_000) * 60);
}

function customer(seed: number, index: number) {
  const number = mixed(seed, index + 7);
  const [province, city] = pick(PLACES, number);
  return {
    customer_id: FIRST_CUSTOMER + index,
    customer_name: `${pick(NAMES, number >>> 3)}${index + 1}`,
    description: number % 4 === 0 ? '老客户，每月回访' : '',
    secret: (number % 36 ** 4).toString(36).toUpperCase().padStart(4, '0'),
    exp_id: number % 3 === 0 ? `EXP-${index}` : '',
    province,
    city,
    address: number % 5 === 0 ? '天河路 1 号' : '',
    phone: number % 2 === 0 ? `020-${10_000_000 + (number % 89_999_999)}` : '',
    contact: pick(['王经理', '', 'Anna', '李总😀'], number >>> 5),
    mobile: number % 3 === 1 ? `138${String(number % 1e8).padStart(8, '0')}` : '',
    email: number % 6 === 0 ? `c${index}@example.com` : '',
    template: pick(TEMPLATES, number >>> 7),
    script: pick(SCRIPTS, number >>> 9),
    reference: pick(REFERENCES, number >>> 11),
    created: createdAt(number),
  };
}

function relation(seed: number, index: number, user_id: number, customer_id: number): Relation {
  const number = mixed(seed ^ 0x5bd1e995, index);
  return {
    user_id,
    customer_id,
    template: pick(TEMPLATES, number),
    script: pick(SCRIPTS, number >>> 4),
    reference: pick(REFERENCES, number >>> 8) + (number % 3 === 0 ? String(index) : ''),
    created: createdAt(number >>> 2),
    is_available: number % 11 === 0 ? 0 : 1,
    boss_sync: number % 7 === 0 ? 1 : 0,
  };
}
