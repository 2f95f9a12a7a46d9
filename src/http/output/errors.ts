/** The kinds of failure: families.ts gives each its envelope, exception.filter.ts its HTTP status. */
export type FailureKind =
  | 'rejected'
  | 'bad-parameter'
  | 'not-signed-in'
  | 'no-enterprise'
  | 'route-not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'too-many-requests'
  | 'unavailable'
  | 'timeout'
  | 'fault';

/** A failure with a name: the class name is its stable code in the log, the message is for the client. */
export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;
}

/** A business failure: the request is valid but refused. Features derive their own (`RecordNotFound` …). */
export abstract class Rejected extends Failure {
  readonly kind = 'rejected';
}

/** Wrong parameters; `details` has one message for each. */
export class BadParameter extends Failure {
  readonly kind = 'bad-parameter';

  constructor(readonly details: string[]) {
    super(details.join(' | '));
  }
}

const tokenMessages = {
  missing: 'Token不存在，请重新登录',
  illegal: 'Token不合法，请重新登录',
  expired: 'Token已过期，请重新登录',
};

/**
 * No Authorization header; one without a token, of another scheme or with another user's token; a token that is
 * unknown, revoked or expired (CONTRACT 1.1).
 */
export class NotSignedIn extends Failure {
  readonly kind = 'not-signed-in';

  constructor(reason: keyof typeof tokenMessages) {
    super(tokenMessages[reason]);
  }
}

const transportMessages = {
  'route-not-found': '接口不存在',
  'method-not-allowed': '请求方法不支持',
  'body-too-large': '请求体过大',
  'too-many-requests': '请求过于频繁，请稍后重试',
  unavailable: '服务暂不可用，请稍后重试',
  timeout: '服务暂不可用，请稍后重试',
  fault: '服务器错误，请联系管理员!',
};

/** A failure outside the contract: its HTTP status is not 200, and its message gives no cause. */
export class TransportFailure extends Failure {
  constructor(readonly kind: keyof typeof transportMessages) {
    super(transportMessages[kind]);
  }
}

/** More requests than the limit allows (HTTP 429). */
export class TooManyRequests extends TransportFailure {
  /** @param retryAfter seconds until the client may try again */
  constructor(readonly retryAfter: number) {
    super('too-many-requests');
  }
}
