import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { AuthService } from '../auth/auth.service';
import { Actor } from '../auth/policy';
import { ENV, Env } from '../config/env';
import { EnterpriseService } from '../enterprise/enterprise.service';
import { Enterprise } from '../enterprise/entities/enterprise.entity';
import { EnterpriseForbidden } from '../enterprise/errors';
import type { Tenant } from '../enterprise/tenant';
import { CommonDataDto, CommonDataReply, toCommonDataReply } from './common-data.dto';
import { SurveyReply, toSurveyReply } from './pages.dto';

/** What every page of the vendor's front asks first: who signs in, in which enterprise, with which pages. */
@Injectable()
export class LegacyFrontService {
  constructor(
    @InjectRepository(Enterprise) private readonly enterprises: Repository<Enterprise>,
    private readonly choice: EnterpriseService,
    private readonly auth: AuthService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * The frame of a page: of the chosen enterprise with `is_business`, of oneself otherwise.
   * @throws NoEnterpriseChosen, EnterpriseForbidden, with `is_business` only
   */
  async commonData(actor: Actor, uniacid: number, { is_business }: CommonDataDto): Promise<CommonDataReply> {
    const managed = is_business ? await this.managed(actor, uniacid) : undefined;
    return toCommonDataReply(await this.auth.user(actor), managed, uniacid, this.env.BUSINESS_TITLE);
  }

  /** The enterprise, and the signed-in user. */
  async survey(actor: Actor, tenant: Tenant): Promise<SurveyReply> {
    return toSurveyReply(await this.enterprise(tenant), await this.auth.user(actor));
  }

  private async managed({ userId }: Actor, uniacid: number) {
    const chosen = await this.choice.chosen(userId, uniacid);
    return { enterprise: await this.enterprise(chosen), identity: chosen.identity };
  }

  /** @throws EnterpriseForbidden if it has just been deleted */
  private async enterprise({ enterpriseId, uniacid }: Tenant): Promise<Enterprise> {
    const enterprise = await this.enterprises.findOneBy({ id: enterpriseId, uniacid });
    if (!enterprise) throw new EnterpriseForbidden();
    return enterprise;
  }
}
