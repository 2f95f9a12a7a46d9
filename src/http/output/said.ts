import type { Success } from './families';

/** A result whose envelope says what only the service knows. */
export class Said<Result> {
  constructor(
    readonly result: Result,
    readonly success: Success,
  ) {}
}
