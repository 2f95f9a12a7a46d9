import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { BusinessListReply, toBusinessListReply } from './enterprise.dto';
import { EnterpriseChoice } from './entities/enterprise-choice.entity';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { Enterprise } from './entities/enterprise.entity';
import { EnterpriseForbidden, NoEnterpriseChosen } from './errors';

/** The tenant of family B that a request works in: every query is bound to both keys. */
export interface Tenant {
  uniacid: number;
  /** `crop_id` of relations, customers and tags; `business_id` of staff. */
  cropId: number;
}

/** Who may manage which enterprise, and which one each user has chosen (CONTRACT 2.2). */
@Injectable()
export class EnterpriseService {
  constructor(
    @InjectRepository(Enterprise) private readonly enterprises: Repository<Enterprise>,
    @InjectRepository(EnterpriseChoice) private readonly choices: Repository<EnterpriseChoice>,
  ) {}

  async list(userId: number, uniacid: number): Promise<BusinessListReply> {
    const manageable = await this.manageable(userId, uniacid);
    const choice = await this.choices.findOneBy({ userId, uniacid });
    const chosen = manageable.find(({ id }) => id === choice?.businessId)?.id ?? 0;
    return toBusinessListReply(manageable, chosen);
  }

  /** Remembers the choice. @throws EnterpriseForbidden */
  async manage(userId: number, uniacid: number, businessId: number): Promise<void> {
    const manageable = await this.manageable(userId, uniacid);
    if (!manageable.some(({ id }) => id === businessId)) throw new EnterpriseForbidden();
    await this.choices.upsert({ userId, uniacid, businessId }, ['userId', 'uniacid']);
  }

  /**
   * The enterprise the user has chosen, if the user may (still) manage it.
   * @throws NoEnterpriseChosen when there is something to choose
   * @throws EnterpriseForbidden
   */
  async chosen(userId: number, uniacid: number): Promise<Tenant> {
    const [manageable, choice] = await Promise.all([
      this.manageable(userId, uniacid),
      this.choices.findOneBy({ userId, uniacid }),
    ]);
    if (!choice && manageable.length > 0) throw new NoEnterpriseChosen();
    if (!manageable.some(({ id }) => id === choice?.businessId)) throw new EnterpriseForbidden();
    return { uniacid, cropId: choice!.businessId };
  }

  /** The running enterprises of a uniacid in which the user has an identity, any of 1 to 5. */
  private manageable(userId: number, uniacid: number): Promise<Enterprise[]> {
    return this.enterprises
      .createQueryBuilder('enterprise')
      .innerJoin(
        EnterpriseRight,
        'granted',
        'granted.uniacid = enterprise.uniacid AND granted.business_id = enterprise.id AND granted.user_id = :userId',
        { userId },
      )
      .where('enterprise.uniacid = :uniacid AND enterprise.status = 1', { uniacid })
      .andWhere('granted.identity BETWEEN 1 AND 5')
      .orderBy('enterprise.id')
      .getMany();
  }
}
