import { Rejected } from '../../http/output/errors';

/** The id is taken; the stored row stays as it is. */
export class CustomerExists extends Rejected {
  constructor() {
    super('客户已存在');
  }
}

/** Users follow the customer; their relations would be left without it. */
export class CustomerFollowed extends Rejected {
  constructor() {
    super('客户已被关注，不能删除');
  }
}
