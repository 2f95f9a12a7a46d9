import { Rejected } from '../http/output/errors';

/** The signed-in user behind a request. */
export interface Actor {
  userId: number;
  /** Its user name. */
  username: string;
  isSuper: boolean;
}

/** The actor is not is_super and asked for another user's data (CONTRACT 1.3). */
export class NotYourData extends Rejected {
  constructor() {
    super('无权操作该用户的数据');
  }
}

/** The actor is not is_super, who alone sees all customers and changes them (CONTRACT 1.4). */
export class MayNotManageCustomers extends Rejected {
  constructor() {
    super('无权操作客户资料');
  }
}

/** The policy of family A (CONTRACT 1.3): the user to whose rows the actor is confined, or undefined for is_super. */
export function confinedTo(actor: Actor): number | undefined {
  return actor.isSuper ? undefined : actor.userId;
}

/** @throws NotYourData unless the actor may act on the rows of `userId` */
export function assertMayActFor(actor: Actor, userId: number): void {
  const own = confinedTo(actor);
  if (own !== undefined && own !== userId) throw new NotYourData();
}

/** @throws MayNotManageCustomers unless the actor is is_super */
export function assertMayManageCustomers(actor: Actor): void {
  if (!actor.isSuper) throw new MayNotManageCustomers();
}
