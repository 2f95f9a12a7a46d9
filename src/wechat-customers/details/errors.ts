import { Rejected } from '../../http/output/errors';

/** The employee does not follow the contact in this enterprise (CONTRACT 2.4). */
export class FollowNotFound extends Rejected {
  constructor() {
    super('记录不存在');
  }
}
