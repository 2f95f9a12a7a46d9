import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { ENV, Env } from '../../config/env';
import { sentenceOf } from '../client/errors';
import { NoCorp, UnreadableCredentials } from '../errors';
import { Cipher, WrongCredentialKey } from './cipher';
import type { Corp } from './corp';
import { WecomCorp } from './corp.entity';
import { opened } from './sealed';

/** The enterprises' access to WeCom, read anew each time: `credential set` takes effect at once in every process. */
@Injectable()
export class Corps {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * @param of a tenant, or an enterprise by its id alone, which is unique
   * @returns null without credentials
   * @throws WrongCredentialKey if WECOM_CREDENTIAL_KEY is missing or not the one that they are encrypted with
   */
  async of(of: Tenant | number): Promise<Corp | null> {
    const where =
      typeof of === 'number' ? { enterpriseId: of } : { enterpriseId: of.enterpriseId, uniacid: of.uniacid };
    const row = await this.dataSource.manager.findOneBy(WecomCorp, where);
    return row && opened(new Cipher(this.env), row);
  }

  /** The same for a request. @throws NoCorp, UnreadableCredentials */
  async demand(tenant: Tenant): Promise<Corp> {
    const corp = await this.of(tenant).catch((error: unknown) => {
      throw error instanceof WrongCredentialKey ? new UnreadableCredentials(sentenceOf(error)) : error;
    });
    if (!corp) throw new NoCorp();
    return corp;
  }

  /** The running enterprises with credentials; needs no key. */
  running(): Promise<(Tenant & { corpId: string })[]> {
    return this.dataSource.manager.query<(Tenant & { corpId: string })[]>(
      `SELECT corp.uniacid AS uniacid, corp.enterprise_id AS enterpriseId, corp.corp_id AS corpId FROM wecom_corp corp
       JOIN enterprise ON enterprise.id = corp.enterprise_id AND enterprise.status = 1 ORDER BY corp.enterprise_id`,
    );
  }
}
