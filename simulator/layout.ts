import { mixed } from './random';

/**
 * Who follows whom in a seeded corp, as numbers: 12 bytes a follow, so that 1,000,000 of them fit anywhere. A follow's
 * number counts through the contacts; contact 0 is followed by every employee that has customers.
 */
export class Layout {
  readonly contactOf: Uint32Array;
  readonly employeeOf: Uint32Array;
  /** The follows of contact n are those from [n] to before [n + 1]. */
  private readonly contactStart: Uint32Array;
  private readonly byEmployee: Uint32Array;
  private readonly employeeStart: Uint32Array;

  constructor(seed: number, employees: number, contacts: number, follows: number) {
    // One employee has no customers, which WeCom answers in its own way.
    const busy = employees > 2 ? employees - 1 : employees;
    if (follows > 0 && (busy < 1 || contacts < 1)) throw new Error('follows need employees and contacts');
    this.contactOf = new Uint32Array(follows);
    this.employeeOf = new Uint32Array(follows);
    this.contactStart = new Uint32Array(contacts + 1);
    const popular = contacts === 1 ? follows : Math.min(busy, Math.ceil(follows / 10));
    const rest = follows - popular;
    let follow = 0;
    for (let contact = 0; contact < contacts; contact++) {
      this.contactStart[contact] = follow;
      const share = Math.floor(rest / (contacts - 1)) + (contact - 1 < rest % (contacts - 1) ? 1 : 0);
      const count = contact === 0 ? popular : share;
      if (count > busy) throw new Error('more follows than pairs of an employee and a contact');
      const first = mixed(seed, contact) % busy;
      for (let nth = 0; nth < count; nth++, follow++) {
        this.contactOf[follow] = contact;
        this.employeeOf[follow] = (first + nth) % busy;
      }
    }
    this.contactStart[contacts] = follow;
    ({ order: this.byEmployee, start: this.employeeStart } = grouped(this.employeeOf, employees));
  }

  get count(): number {
    return this.contactOf.length;
  }

  /** The employee's follows in order, beginning with the first whose number is above `after`. */
  *ofEmployee(employee: number, after: number): Generator<number> {
    const end = this.employeeStart[employee + 1]!;
    let at = this.employeeStart[employee]!;
    for (let beyond = end; at < beyond;) {
      const middle = (at + beyond) >>> 1;
      if (this.byEmployee[middle]! > after) beyond = middle;
      else at = middle + 1;
    }
    for (; at < end; at++) yield this.byEmployee[at]!;
  }

  *ofContact(contact: number): Generator<number> {
    const end = this.contactStart[contact + 1]!;
    for (let follow = this.contactStart[contact]!; follow < end; follow++) yield follow;
  }
}

/** Counting sort. */
function grouped(keys: Uint32Array, count: number): { order: Uint32Array; start: Uint32Array } {
  const start = new Uint32Array(count + 1);
  for (const key of keys) start[key + 1]!++;
  for (let key = 0; key < count; key++) start[key + 1]! += start[key]!;
  const next = start.slice();
  const order = new Uint32Array(keys.length);
  keys.forEach((key, index) => (order[next[key]!++] = index));
  return { order, start };
}
