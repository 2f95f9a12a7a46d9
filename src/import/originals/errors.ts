import { OperatorError } from '../../base/operator-error';

/** A running system did not give what was asked for; the message names it, the route and the reason, no secret. */
export class SystemFailed extends OperatorError {
  constructor(base: string, route: string, reason: string) {
    super(`${base}: ${route}: ${reason}`);
  }
}
