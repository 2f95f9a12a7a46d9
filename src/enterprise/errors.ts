import { Failure, Rejected } from '../http/output/errors';

/** The user may manage enterprises but has chosen none yet (CONTRACT 2.1). */
export class NoEnterpriseChosen extends Failure {
  readonly kind = 'no-enterprise';

  constructor() {
    super('请先选择要管理的企业');
  }
}

/** The enterprise is not the user's, of another uniacid, stopped or unknown: one answer for all (CONTRACT 2.1). */
export class EnterpriseForbidden extends Rejected {
  constructor() {
    super('无权管理该企业');
  }
}

/** The failures of a route that works in the chosen enterprise. */
export const ENTERPRISE_FAILURES = [new NoEnterpriseChosen(), new EnterpriseForbidden()];
