/** A call as it was received and answered; without token and secret. */
export interface CallRecord {
  path: string;
  corpId: string;
  /** Query and body. */
  params: Record<string, unknown>;
  /** Of the cursor; 1 is the first page. */
  page: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Milliseconds until it was answered or cut; undefined while in flight. */
  ms?: number;
  /** Calls of this API and corp in flight, this one included. */
  inFlight: number;
  /** Of the answer; undefined if there was none or no JSON. */
  errcode?: number;
  status?: number;
}
