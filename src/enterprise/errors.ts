import { Failure, Rejected } from '../http/output/errors';

/** No enterprise was chosen yet, although the user may manage some (CONTRACT 2.1). */
export class NoEnterpriseChosen extends Failure {
  readonly kind = 'no-enterprise';

  constructor() {
    super('请先选择要管理的企业');
  }
}

/** Not the user's enterprise, of another uniacid, stopped or unknown: one answer for all (CONTRACT 2.1). */
export class EnterpriseForbidden extends Rejected {
  constructor() {
    super('无权管理该企业');
  }
}
