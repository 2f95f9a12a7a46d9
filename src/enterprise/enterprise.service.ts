import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, Repository } from 'typeorm';
import { changesBetween } from '../audit/changes';
import { note } from '../audit/note';
import type { Actor } from '../auth/policy';
import { contains } from '../database/contains';
import { Sql } from '../database/sql';
import { inTransaction } from '../database/transaction';
import { BadParameter } from '../http/output/errors';
import {
  BusinessListDto,
  BusinessListReply,
  IDENTITY_TYPES,
  ManageBusinessDto,
  Manageable,
  toBusinessListReply,
} from './enterprise.dto';
import { EnterpriseChoice } from './entities/enterprise-choice.entity';
import { Enterprise } from './entities/enterprise.entity';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { EnterpriseForbidden, NoEnterpriseChosen } from './errors';
import { IDENTITY_NUMBERS } from './identities';
import type { ManagedEnterprise, Tenant } from './tenant';

/** The enterprise that a user has chosen in a uniacid, if it is running and the user may still manage it. */
const CHOSEN = `SELECT enterprise.id AS enterpriseId, enterprise.uniacid AS uniacid,
    enterprise.follows_revision AS followsRevision, enterprise.lists_revision AS listsRevision,
    enterprise_right.identity AS identity, enterprise_right.userid AS userid
  FROM enterprise_choice
  JOIN enterprise ON enterprise.id = enterprise_choice.business_id AND enterprise.uniacid = enterprise_choice.uniacid
  JOIN enterprise_right ON enterprise_right.uniacid = enterprise_choice.uniacid
    AND enterprise_right.business_id = enterprise_choice.business_id
    AND enterprise_right.user_id = enterprise_choice.user_id
  WHERE enterprise_choice.user_id = ? AND enterprise_choice.uniacid = ?
    AND enterprise.status = 1 AND enterprise_right.identity IN (${IDENTITY_NUMBERS.join(', ')})`;

/** The enterprises that users may manage, and the one that each user has chosen per uniacid (CONTRACT 2.2). */
@Injectable()
export class EnterpriseService {
  constructor(
    @InjectRepository(Enterprise) private readonly enterprises: Repository<Enterprise>,
    @InjectRepository(EnterpriseRight) private readonly rights: Repository<EnterpriseRight>,
    @InjectRepository(EnterpriseChoice) private readonly choices: Repository<EnterpriseChoice>,
    private readonly dataSource: DataSource,
    private readonly sql: Sql,
  ) {}

  /** The enterprises that the user may manage, and the chosen one, whether or not its name is asked for. */
  async list(userId: number, uniacid: number, { name = '' }: BusinessListDto): Promise<BusinessListReply> {
    const manageable = await this.manageable(userId, uniacid);
    const choice = await this.choices.findOneBy({ userId, uniacid });
    const chosen = manageable.find(({ enterpriseId }) => enterpriseId === choice?.enterpriseId)?.enterpriseId ?? 0;
    const named = manageable.filter(({ enterprise }) => contains(enterprise.name, name));
    return toBusinessListReply(named, chosen);
  }

  /**
   * Stores or clears the user's choice in a uniacid.
   * @throws EnterpriseForbidden if the user may not manage the enterprise; BadParameter for no enterprise
   */
  async manage(actor: Actor, uniacid: number, { id, identity_type }: ManageBusinessDto): Promise<void> {
    if (identity_type === IDENTITY_TYPES.person || id === 0) return this.choose(null, uniacid, actor);
    if (id === undefined) throw new BadParameter(['id 不能为空']);
    const manageable = await this.manageable(actor.userId, uniacid);
    if (!manageable.some(({ enterpriseId }) => enterpriseId === id)) throw new EnterpriseForbidden();
    await this.choose(id, uniacid, actor);
  }

  /**
   * The enterprise that the user has chosen in a uniacid.
   * @throws NoEnterpriseChosen if the user has made no choice but could
   * @throws EnterpriseForbidden if the user may not, or may no longer, manage the enterprise, or has none to choose
   */
  async chosen(userId: number, uniacid: number): Promise<ManagedEnterprise> {
    const [chosen] = await this.sql.rows<ManagedEnterprise>({ sql: CHOSEN, values: [userId, uniacid] });
    return chosen ?? this.refuse(userId, uniacid);
  }

  /** The row of a chosen enterprise. @throws EnterpriseForbidden if it has just been deleted */
  async enterprise({ uniacid, enterpriseId }: Tenant): Promise<Enterprise> {
    const enterprise = await this.enterprises.findOneBy({ uniacid, id: enterpriseId });
    if (!enterprise) throw new EnterpriseForbidden();
    return enterprise;
  }

  /** @param chosen null for no enterprise */
  private async choose(chosen: number | null, uniacid: number, actor: Actor): Promise<void> {
    const { userId } = actor;
    await inTransaction(this.dataSource, async (manager) => {
      const [stored] = await manager.query<{ enterprise: number }[]>(
        `SELECT business_id AS enterprise FROM enterprise_choice
         WHERE user_id = ? AND uniacid = ? ${this.sql.dialect.forUpdate}`,
        [userId, uniacid],
      );
      const before = stored?.enterprise ?? null;
      if (chosen === before) return;
      if (chosen === null) await manager.delete(EnterpriseChoice, { userId, uniacid });
      else await manager.upsert(EnterpriseChoice, { userId, uniacid, enterpriseId: chosen }, ['userId', 'uniacid']);
      const changes = changesBetween({ enterprise: before }, { enterprise: chosen });
      const enterpriseId = chosen ?? before!;
      await note(manager, { kind: 'choice', action: 'edit', actor, userId, enterpriseId, changes });
    });
  }

  private async refuse(userId: number, uniacid: number): Promise<never> {
    const isChosen = await this.choices.existsBy({ userId, uniacid });
    const mayChoose = !isChosen && (await this.manageable(userId, uniacid)).length > 0;
    throw mayChoose ? new NoEnterpriseChosen() : new EnterpriseForbidden();
  }

  /** The rights to running enterprises of a uniacid, the highest first. */
  private async manageable(userId: number, uniacid: number): Promise<Manageable[]> {
    const found = await this.rights.find({
      where: { userId, uniacid, identity: In(IDENTITY_NUMBERS), enterprise: { status: 1 } },
      relations: { enterprise: true },
      order: { identity: 'DESC', enterpriseId: 'ASC' },
    });
    return found as Manageable[];
  }
}
