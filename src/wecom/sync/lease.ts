import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { inTransaction, sendChange } from '../../database/transaction';
import { RunFailed } from './failures';

/** A process that is gone is replaced after this time. */
const LEASE_MS = 15_000;

/** Three chances to renew before the lease ends. */
const RENEW_MS = 5_000;

/** Another process carries the run out now. */
export class RunLost extends Error {}

/** The right to carry out one run, as long as this process lives. Time is the database's, which all processes share. */
export class Lease {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly dataSource: DataSource,
    readonly runId: number,
    private readonly owner: string,
  ) {
    this.timer = setInterval(() => void this.renew(), RENEW_MS);
  }

  /** @returns undefined while another process has it, or once the run has ended */
  static async take(dataSource: DataSource, runId: number): Promise<Lease | undefined> {
    const owner = randomUUID();
    const { clockMs } = dialectOf(dataSource);
    const claim = {
      sql: `UPDATE wecom_run SET resumed = resumed + CASE WHEN lease_owner = '' THEN 0 ELSE 1 END, lease_owner = ?,
              lease_until = ${clockMs} + ${LEASE_MS}
            WHERE id = ? AND state = 'running' AND lease_until < ${clockMs}`,
      values: [owner, runId],
    };
    const taken = await inTransaction(dataSource, (manager) => sendChange(manager, claim));
    return taken === 1 ? new Lease(dataSource, runId, owner) : undefined;
  }

  /** Locks the run until the transaction ends. @throws RunLost */
  async hold(manager: EntityManager): Promise<void> {
    const { forUpdate } = dialectOf(this.dataSource);
    const [run] = await manager.query<{ lease_owner: string }[]>(
      `SELECT lease_owner FROM wecom_run WHERE id = ? AND state = 'running' ${forUpdate}`,
      [this.runId],
    );
    if (run?.lease_owner !== this.owner) throw new RunLost();
  }

  /**
   * Makes sure that the run still speaks of the corp and enterprise that it was begun for.
   * @throws RunFailed when its credentials are another corp's or gone, or the enterprise is stopped
   */
  async assertMeant(manager: EntityManager): Promise<void> {
    const [row] = await manager.query<{ status: number; corp_id: string | null; begun_for: string }[]>(
      `SELECT enterprise.status, corp.corp_id, run.corp_id AS begun_for FROM wecom_run run
       JOIN enterprise ON enterprise.id = run.enterprise_id
       LEFT JOIN wecom_corp corp ON corp.enterprise_id = run.enterprise_id WHERE run.id = ?`,
      [this.runId],
    );
    if (row?.status !== 1) throw new RunFailed('企业已停用');
    if (row.corp_id !== row.begun_for) throw new RunFailed('企业微信凭据已更换或移除');
  }

  /** Lets another process take the run at once. */
  async release(): Promise<void> {
    this.stop();
    await this.dataSource.manager.query('UPDATE wecom_run SET lease_until = 0 WHERE id = ? AND lease_owner = ?', [
      this.runId,
      this.owner,
    ]);
  }

  /** Renews no more; what is left of the lease runs out. */
  stop(): void {
    clearInterval(this.timer);
  }

  /** A failure is tried again with the next turn; {@link hold} tells whether the lease was lost meanwhile. */
  private async renew(): Promise<void> {
    const { clockMs } = dialectOf(this.dataSource);
    await this.dataSource.manager
      .query(`UPDATE wecom_run SET lease_until = ${clockMs} + ${LEASE_MS} WHERE id = ? AND lease_owner = ?`, [
        this.runId,
        this.owner,
      ])
      .catch(() => undefined);
  }
}
