import { WecomUnavailable } from './errors';

/**
 * The cursors of one listing, from its beginning or from where it goes on: one that comes again would make the list
 * endless, and is no sign that it is complete.
 */
export class Cursors {
  private readonly asked = new Set<string>();

  /** @param path of the API */
  constructor(private readonly path: string) {}

  /**
   * @param cursor with which the next page will be asked for; empty: the list is at its end
   * @returns the same cursor
   * @throws WecomUnavailable if a page was asked for with it before
   */
  next(cursor: string): string {
    if (this.asked.has(cursor)) throw new WecomUnavailable(this.path, 0, 'cursor again');
    if (cursor !== '') this.asked.add(cursor);
    return cursor;
  }
}
