import { Rejected } from '../http/output/errors';

/** There is no relation of this user and customer, or no such customer. */
export class RecordNotFound extends Rejected {
  constructor() {
    super('记录不存在');
  }
}

/** The pair exists; the stored row stays as it is. */
export class AlreadyFollowed extends Rejected {
  constructor() {
    super('已关注该客户');
  }
}

export class UserNotFound extends Rejected {
  constructor() {
    super('用户不存在');
  }
}

/** Unknown customer or wrong code: one answer for both, so that customers cannot be probed. */
export class WrongSecret extends Rejected {
  constructor() {
    super('授权码错误');
  }
}
