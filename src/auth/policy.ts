import { Rejected } from '../http/output/errors';

/** The signed-in user behind a request. */
export interface Actor {
  userId: number;
  isSuper: boolean;
}

/** The actor asked for another user's data without being is_super. */
export class NotYourData extends Rejected {
  constructor() {
    super('无权操作该用户的数据');
  }
}

/** The policy of family A (CONTRACT 1.3): the user whose rows the actor is confined to, or undefined for is_super. */
export function confinedTo(actor: Actor): number | undefined {
  return actor.isSuper ? undefined : actor.userId;
}

/** @throws NotYourData unless the actor may act on the rows of `userId` */
export function assertMayActFor(actor: Actor, userId: number): void {
  const own = confinedTo(actor);
  if (own !== undefined && own !== userId) throw new NotYourData();
}
