import type { EntityManager, EntityTarget } from 'typeorm';
import { dialectOf } from './dialect';
import type { SqlValue } from './sql';
import { placeholders } from './where';

/** Bounds the values in one statement: SQLite takes 32,766. */
const VALUES_PER_STATEMENT = 30_000;

type Property<T> = Extract<keyof T, string>;

/**
 * Reads and writes rows of one table by the properties of its entity. TypeORM's query builder takes as long for a page
 * of follows as the database.
 */
export class Rows<T extends object> {
  private readonly names: Map<string, string>;
  private readonly generated: readonly string[];
  private readonly key: string;

  constructor(
    private readonly manager: EntityManager,
    entity: EntityTarget<T>,
    private readonly table = manager.dataSource.getMetadata(entity).tableName,
  ) {
    const { columns, primaryColumns } = manager.dataSource.getMetadata(entity);
    this.generated = columns.filter(({ isGenerated }) => isGenerated).map(({ propertyName }) => propertyName);
    this.key = primaryColumns.map(({ databaseName }) => databaseName).join(', ');
    this.names = new Map(columns.map(({ propertyName, databaseName }) => [propertyName, databaseName]));
  }

  /**
   * All columns of some rows.
   * @param condition with `?`, on the table by its own name
   * @param index of `Dialect.useIndex`
   */
  read(condition: string, values: SqlValue[], index = ''): Promise<T[]> {
    return this.manager.query<T[]>(`SELECT ${this.selected()} FROM ${this.table} ${index} WHERE ${condition}`, values);
  }

  /** The SELECT list that makes a row of this table an object with the entity's properties. */
  selected(): string {
    return Array.from(this.names, ([property, name]) => `${this.table}.\`${name}\` AS \`${property}\``).join(', ');
  }

  /** Adds rows; their ids are the database's. */
  async add(rows: readonly Omit<T, 'id'>[]): Promise<void> {
    const properties = [...this.names.keys()].filter((property) => !this.generated.includes(property));
    await this.send(rows, properties, '');
  }

  /** Adds rows under the ids that they have. */
  async addAs(rows: readonly T[]): Promise<void> {
    await this.send(rows, [...this.names.keys()], '');
  }

  /** Sets some properties of existing rows, whose keys are in the rows. */
  async update(rows: readonly T[], properties: readonly Property<T>[]): Promise<void> {
    const dialect = dialectOf(this.manager.dataSource);
    const replaced = properties.map((property) => this.names.get(property)!);
    await this.send(rows, [...this.names.keys()], dialect.replaceOnConflict(this.key, replaced));
  }

  private async send(rows: readonly object[], properties: readonly string[], ending: string): Promise<void> {
    const columns = properties.map((property) => `\`${this.names.get(property)!}\``).join(', ');
    const tuple = `(${placeholders(properties)})`;
    const perStatement = Math.floor(VALUES_PER_STATEMENT / properties.length);
    for (let i = 0; i < rows.length; i += perStatement) {
      const some = rows.slice(i, i + perStatement);
      const values = some.flatMap((row) => properties.map((property) => row[property as keyof typeof row]));
      await this.manager.query(
        `INSERT INTO ${this.table} (${columns}) VALUES ${some.map(() => tuple).join(', ')} ${ending}`,
        values,
      );
    }
  }
}
