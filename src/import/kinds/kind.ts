import type { DataSource, EntityManager, EntityMetadata, EntityTarget } from 'typeorm';
import type { EntryActor } from '../../audit/note';
import type { Tenant } from '../../enterprise/tenant';
import type { Fields } from './fields';

/** What a run knows beside its rows. */
export interface Context {
  /** Of kinds of family B. */
  tenant?: Tenant;
  /** Who imports, for the audit log. */
  actor: EntryActor;
  metadataOf: (entity: EntityTarget<object>) => EntityMetadata;
  /** After a SELECT: locks the rows that will be written; empty in a dry run. */
  lock: string;
  /** What dry runs before would have stored, as `customer 1001`: the rows of this run may need it. */
  assumed: Set<string>;
}

/** What becomes of a row; with a remark for one that is taken all the same. */
export type Outcome = Taken | { refused: string } | { taken: Taken; remark: string };

export type Taken = 'new' | 'changed' | 'equal';

/** Rows compared with what is stored. */
export interface Plan {
  /** In the order of the rows. */
  outcomes: Outcome[];
  /** Writes what is new and changed, with its audit entries, in the transaction that compared. */
  write(): Promise<void>;
}

/** Something of which a row speaks; another row of the source that says other things of it is refused. */
export interface Said {
  key: string;
  content: unknown;
  /** Why the later row is refused. */
  otherwise: string;
}

/** A kind of rows that can be imported. Its rows have the properties of its entity; what is absent is undefined. */
export interface Kind<Row extends object> {
  /** Whether its rows belong to one enterprise. */
  isOfEnterprise: boolean;
  /** By the wire's names. */
  fields: Fields;
  /** @throws Unreadable, Unstorable with the reason, without the value */
  read(row: Record<string, unknown>, context: Context): Row;
  /** Its key first. */
  said(row: Row): [Said, ...Said[]];
  /** Compares some hundred rows, whose keys differ, in a transaction; changes nothing. */
  compare(manager: EntityManager, rows: Row[], context: Context): Promise<Plan>;
  /** What is left to do once all rows are written; may be killed and run again. */
  finish?(dataSource: DataSource, context: Context): Promise<void>;
}

/** A row's own key. */
export const itself = (key: string, content: unknown): Said => ({
  key,
  content,
  otherwise: 'was given before with other values',
});

/** An id that only one row can have. */
export const itsId = (of: string, id: number | undefined, key: string): Said[] =>
  id === undefined ? [] : [{ key: `${of} id ${id}`, content: key, otherwise: 'its id was given before' }];
