import type { Contact, Employee, Follow, Relation, Standing } from './data';
import type { Layout } from './layout';
import type { Seed } from './seed';

/** What a seeded corp's contacts and relations are made from. */
export interface Seeded {
  layout: Layout;
  seed: Seed;
  employees: readonly Employee[];
}

/** Contacts and relations of a corp: those added one by one or changed are kept, seeded ones are made when asked for. */
export class Relations {
  private readonly contacts = new Map<string, Contact>();
  private readonly changed = new Map<number, Relation>();
  private readonly added = new Map<Employee, Relation[]>();
  private readonly addedByContact = new Map<string, Relation[]>();
  private nextOrder = 0;

  constructor(private readonly seeded?: Seeded) {
    this.nextOrder = seeded?.layout.count ?? 0;
  }

  get isEmpty(): boolean {
    return this.nextOrder === 0 && this.contacts.size === 0;
  }

  addContact(contact: Contact): Contact {
    this.contacts.set(contact.external_userid, contact);
    return contact;
  }

  /** To read: changes of a seeded one would be forgotten. */
  readContact(externalUserid: string): Contact | undefined {
    const kept = this.contacts.get(externalUserid);
    const index = kept ? undefined : this.seeded?.seed.contactIndex(externalUserid);
    return index === undefined ? kept : this.seeded!.seed.contact(index);
  }

  /** To change. */
  contact(externalUserid: string): Contact | undefined {
    const contact = this.readContact(externalUserid);
    return contact && this.addContact(contact);
  }

  add(employee: Employee, externalUserid: string, standing: Standing, follow: Follow): Relation {
    const relation = { employee, externalUserid, standing, follow, order: this.nextOrder++ };
    append(this.added, employee, relation);
    append(this.addedByContact, externalUserid, relation);
    return relation;
  }

  /** The pair, to change. */
  find(employee: Employee, externalUserid: string): Relation | undefined {
    for (const relation of this.ofContact(externalUserid)) {
      if (relation.employee !== employee) continue;
      if (relation.order < (this.seeded?.layout.count ?? 0)) this.changed.set(relation.order, relation);
      return relation;
    }
    return undefined;
  }

  /** Of any standing, in the order of lists, to read. @param after the order behind which to begin */
  *ofEmployee(employee: Employee, after = -1): Generator<Relation> {
    const index = this.seeded?.employees.indexOf(employee) ?? -1;
    if (index >= 0) for (const number of this.seeded!.layout.ofEmployee(index, after)) yield this.at(number);
    for (const relation of this.added.get(employee) ?? []) if (relation.order > after) yield relation;
  }

  /** Of any standing, to read. */
  *ofContact(externalUserid: string): Generator<Relation> {
    const index = this.seeded?.seed.contactIndex(externalUserid);
    if (index !== undefined) for (const number of this.seeded!.layout.ofContact(index)) yield this.at(number);
    yield* this.addedByContact.get(externalUserid) ?? [];
  }

  private at(number: number): Relation {
    const kept = this.changed.get(number);
    if (kept) return kept;
    const { layout, seed, employees } = this.seeded!;
    const contact = layout.contactOf[number]!;
    const employee = layout.employeeOf[number]!;
    return {
      employee: employees[employee]!,
      externalUserid: seed.contactId(contact),
      standing: 'mutual',
      follow: seed.follow(number, contact, employee),
      order: number,
    };
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
