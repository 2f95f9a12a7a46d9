/** What goes wrong with a request. */
export type Kind =
  /** Answered so much later. */
  | { slowMs: number }
  /** HTTP 500 with a page of HTML. */
  | 'error 500'
  /** HTTP 200 with a page of HTML, as of something in between. */
  | 'html'
  /** The connection is reset. */
  | 'reset'
  /** The session has ended: tokens of family A, cookies of family B. */
  | 'signed out'
  /** The rows of the page before in place of its own. */
  | 'page before'
  /** Other JSON than documented: the named field of the payload is missing. */
  | { without: string }
  /** Something happens first: rows come or go while a list is read. */
  | { first: () => void };

export interface Fault {
  /** The end of the path: `get_list`, `getList` … */
  route: string;
  kind: Kind;
  /** Requests of the route that it lets pass first. */
  after?: number;
  /** How many it hits; 1 unless said. */
  times?: number;
}

/** Faults in place; each counts the requests of its route by itself. */
export class Faults {
  private placed: (Fault & { seen: number })[] = [];

  add(fault: Fault): void {
    this.placed.push({ ...fault, seen: 0 });
  }

  clear(): void {
    this.placed = [];
  }

  /** @returns the kinds of those that hit a request */
  take(path: string): Kind[] {
    const ofRoute = this.placed.filter(({ route }) => path.endsWith(`/${route}`));
    return ofRoute.flatMap((fault) => {
      const { after = 0, times = 1, kind } = fault;
      const nth = fault.seen++;
      return nth >= after && nth < after + times ? kind : [];
    });
  }
}
