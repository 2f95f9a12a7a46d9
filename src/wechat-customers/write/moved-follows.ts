import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import type { Compared, ComparedFollow } from './compare';
import { comparePage } from './compare-page';
import { idsInUse } from './moved';
import { ComparedPage, Given, pairOfGiven } from './page';
import { AS_MOVED } from './rules';
import { writePage } from './write-page';

/** A moved follow and its contact, compared with what is stored. */
export interface MovedFollow {
  follow: ComparedFollow;
  contact: Compared<Contact>;
}

/** Some hundred moved follows, each given once. */
export interface MovedFollows {
  /** By what was given; a text says why one cannot be stored. */
  rows: Map<Given, MovedFollow | string>;
  /** Undefined when none can be stored. */
  page?: ComparedPage;
}

/**
 * Compares follows of another system with what is stored, and changes nothing. A follow or contact that is stored keeps
 * our id; a new one gets the id it had, unless another row has it.
 */
export async function compareMovedFollows(
  manager: EntityManager,
  tenant: Tenant,
  given: Given[],
): Promise<MovedFollows> {
  if (given.length === 0) return { rows: new Map() };
  const page = await comparePage(manager, tenant, given, AS_MOVED);
  const faults = await faultsOf(manager, given, page);
  if (faults.size === 0) return { rows: rowsOf(given, page), page };
  const rest = await compareMovedFollows(
    manager,
    tenant,
    given.filter((each) => !faults.has(each)),
  );
  return { ...rest, rows: new Map([...faults, ...rest.rows]) };
}

/** Writes them in the transaction that compared them, with what they are found by. */
export async function writeMovedFollows(manager: EntityManager, { page }: MovedFollows): Promise<void> {
  if (page) await writePage(manager, page);
}

async function faultsOf(manager: EntityManager, given: Given[], page: ComparedPage): Promise<Map<Given, string>> {
  const contacts = await idsInUse(manager, Contact, [...page.contacts.values()]);
  const follows = await idsInUse(manager, Follow, [...page.follows.values()]);
  const isTaken = <Row extends { id: number }>({ stored, next }: Compared<Row>, ids: ReadonlySet<number>) =>
    !stored && ids.has(next.id);
  const faults = new Map<Given, string>();
  for (const [each, { follow, contact }] of rowsOf(given, page)) {
    if (isTaken(follow, follows)) faults.set(each, 'id is that of another follow');
    else if (isTaken(contact, contacts)) faults.set(each, 'the id of its contact is that of another one');
  }
  return faults;
}

function rowsOf(given: Given[], { follows, contacts }: ComparedPage): Map<Given, MovedFollow> {
  return new Map(
    given.map((each) => [
      each,
      { follow: follows.get(pairOfGiven(each))!, contact: contacts.get(each.contact.externalUserid)! },
    ]),
  );
}
