import { Inject, Injectable } from '@nestjs/common';
import { AuthService } from '../auth/auth.service';
import { Actor } from '../auth/policy';
import { ENV, Env } from '../config/env';
import { EnterpriseService } from '../enterprise/enterprise.service';
import type { Tenant } from '../enterprise/tenant';
import { CommonDataDto, CommonDataReply, toCommonDataReply } from './common-data.dto';
import { SurveyReply, toSurveyReply } from './pages.dto';

/** What every page of the vendor's front asks first: who is signed in, in which enterprise, with which pages. */
@Injectable()
export class LegacyFrontService {
  constructor(
    private readonly enterprises: EnterpriseService,
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

  /** The enterprise and the signed-in user. @throws EnterpriseForbidden if the enterprise has just been deleted */
  async survey(actor: Actor, tenant: Tenant): Promise<SurveyReply> {
    return toSurveyReply(await this.enterprises.enterprise(tenant), await this.auth.user(actor));
  }

  private async managed({ userId }: Actor, uniacid: number) {
    const chosen = await this.enterprises.chosen(userId, uniacid);
    return { enterprise: await this.enterprises.enterprise(chosen), identity: chosen.identity };
  }
}
