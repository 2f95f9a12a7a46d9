import { createHash, randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { OperatorError } from '../../base/operator-error';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { isDuplicateKey } from '../../database/errors';
import { insertRows } from '../../database/insert';
import { sendChange } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';
import { ImportCheckpoint } from './checkpoint.entity';

/** A process that is gone is replaced after this time. */
const LEASE_MS = 15_000;

/** Three chances to renew before the lease ends. */
const RENEW_MS = 5_000;

/** The length of the column. */
const MAX_SOURCE = 255;

type Key = Pick<ImportCheckpoint, 'kind' | 'uniacid' | 'enterpriseId' | 'source'>;

const BY_KEY = 'kind = ? AND uniacid = ? AND enterprise_id = ? AND source = ?';

/** The row of an import that is under way, and the right to carry it out as long as this process lives. */
export class Checkpoint {
  private readonly owner = randomUUID();
  private readonly values: (string | number)[];
  private timer?: NodeJS.Timeout;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly key: Key,
  ) {
    this.values = [key.kind, key.uniacid, key.enterpriseId, key.source];
  }

  /**
   * Begins an import, or takes over one that was killed.
   * @throws OperatorError while another process carries it out
   */
  static async take(dataSource: DataSource, kind: string, source: string, tenant?: Tenant): Promise<Checkpoint> {
    const { uniacid = 0, enterpriseId = 0 } = tenant ?? {};
    const checkpoint = new Checkpoint(dataSource, { kind, uniacid, enterpriseId, source: fitting(source) });
    await checkpoint.create();
    await checkpoint.claim();
    checkpoint.timer = setInterval(() => void checkpoint.renew(), RENEW_MS);
    return checkpoint;
  }

  /** What is stored of it. */
  read(): Promise<ImportCheckpoint> {
    return this.dataSource.manager.findOneByOrFail(ImportCheckpoint, this.key);
  }

  /** Locks it until the transaction ends, and renews the lease. @throws OperatorError when another process has it now */
  async hold(manager: EntityManager): Promise<void> {
    const held = await sendChange(manager, this.lease(`${dialectOf(this.dataSource).clockMs} + ${LEASE_MS}`));
    if (held === 0) throw new OperatorError('another process has taken this import over');
  }

  async save(manager: EntityManager, state: Partial<ImportCheckpoint>): Promise<void> {
    await manager.update(ImportCheckpoint, this.key, { ...state, updatedAt: wallClock() });
  }

  /** The import is over. */
  async end(): Promise<void> {
    this.stop();
    await this.remove();
  }

  /** Lets another process go on at once; a failure leaves that to the end of the lease. */
  async release(): Promise<void> {
    this.stop();
    await this.setLease('0').catch(() => undefined);
  }

  /** As {@link release}, of an import that has not begun. */
  async forget(): Promise<void> {
    this.stop();
    await this.remove("AND refused_file = ''").catch(() => undefined);
    await this.release();
  }

  private stop(): void {
    clearInterval(this.timer);
  }

  private async create(): Promise<void> {
    const row = { ...this.key, reasons: '{}', startedAt: wallClock() };
    try {
      await insertRows(this.dataSource.manager, ImportCheckpoint, row);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // of a run before
    }
  }

  private async claim(): Promise<void> {
    const { clockMs } = dialectOf(this.dataSource);
    const claim = {
      sql: `UPDATE import_checkpoint SET lease_owner = ?, lease_until = ${clockMs} + ${LEASE_MS}
            WHERE ${BY_KEY} AND lease_until < ${clockMs}`,
      values: [this.owner, ...this.values],
    };
    const taken = await this.dataSource.transaction((manager) => sendChange(manager, claim));
    if (taken === 0) {
      throw new OperatorError('this import is under way in another process, or was killed less than 15 s ago');
    }
  }

  private async remove(condition = ''): Promise<void> {
    const sql = `DELETE FROM import_checkpoint WHERE ${BY_KEY} AND lease_owner = ? ${condition}`;
    await this.dataSource.manager.query(sql, [...this.values, this.owner]);
  }

  private async renew(): Promise<void> {
    await this.setLease(`${dialectOf(this.dataSource).clockMs} + ${LEASE_MS}`).catch(() => undefined);
  }

  private async setLease(until: string): Promise<void> {
    const { sql, values } = this.lease(until);
    await this.dataSource.manager.query(sql, values);
  }

  private lease(until: string) {
    const sql = `UPDATE import_checkpoint SET lease_until = ${until} WHERE ${BY_KEY} AND lease_owner = ?`;
    return { sql, values: [...this.values, this.owner] };
  }
}

/** A name that is too long is told apart by its digest. */
function fitting(source: string): string {
  if ([...source].length <= MAX_SOURCE) return source;
  const digest = createHash('sha256').update(source).digest('hex');
  return `${[...source].slice(0, MAX_SOURCE - digest.length).join('')}${digest}`;
}
