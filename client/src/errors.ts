/** `mix`: the routes under /api; `business`: those under /business. */
export type Family = 'mix' | 'business';

/** What an answer says beside its sentence. */
export interface Facts {
  /** Undefined if the answer is not customer-hub's but, say, a proxy's. */
  family?: Family;
  /** HTTP status; 200 for every failure that the contract knows. */
  status: number;
  /** Family `mix`: `code` of the envelope, 401 or 500. */
  code?: number;
  /** Family `mix`: `mix_code` of the envelope, such as 230001. */
  mixCode?: number;
  /** Names the request in the server's log. */
  requestId?: string;
  /** Seconds after which the server asks to try again; with HTTP 429 and 503. */
  retryAfter?: number;
}

/** An answer that is a failure; `message` is the server's sentence, in Chinese. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly family: Facts['family'];
  readonly status: Facts['status'];
  readonly code: Facts['code'];
  readonly mixCode: Facts['mixCode'];
  readonly requestId: Facts['requestId'];
  readonly retryAfter: Facts['retryAfter'];

  constructor(message: string, { family, status, code, mixCode, requestId, retryAfter }: Facts) {
    super(message);
    this.family = family;
    this.status = status;
    this.code = code;
    this.mixCode = mixCode;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** No token, or one that is no longer good and could not be renewed. */
export class NotSignedInError extends ApiError {
  override readonly name = 'NotSignedInError';
}

/** Family `business`: `enterprise.manageBusiness` has to choose an enterprise first. */
export class NoEnterpriseError extends ApiError {
  override readonly name = 'NoEnterpriseError';
}

/** Parameters that the server refuses. */
export class BadParameterError extends ApiError {
  override readonly name = 'BadParameterError';
  /** A sentence for each parameter, which it begins with. */
  readonly details: string[];

  constructor(message: string, facts: Facts, details: string) {
    super(message, facts);
    this.details = details.split(' | ');
  }
}
