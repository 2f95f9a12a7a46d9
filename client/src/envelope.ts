import { ApiError, BadParameterError, NoEnterpriseError, NotSignedInError, type Facts } from './errors.js';

interface MixEnvelope {
  code: number;
  msg: string;
  mix_code: number;
  mix_msg: string;
  result: unknown;
}

interface BusinessEnvelope {
  result: number;
  msg: string;
  data: unknown;
}

/** The type of what is inside an envelope of type `Envelope`, if that is one of a success. */
export type Payload<Envelope> = Envelope extends { code: 200; result: infer Result }
  ? Result
  : Envelope extends { result: 1; data: infer Data }
    ? Data
    : never;

/**
 * Opens an answer of either family.
 * @param text its body
 * @throws ApiError and its subclasses for a failure
 */
export function unwrap(response: Response, text: string): unknown {
  const envelope = parse(text);
  const facts = factsOf(response);
  if (isMix(envelope)) return openMix(envelope, facts);
  if (isBusiness(envelope)) return openBusiness(envelope, facts);
  throw new ApiError(`HTTP ${response.status} without an answer of customer-hub`, facts);
}

function openMix({ code, msg, mix_code: mixCode, mix_msg, result }: MixEnvelope, answer: Facts): unknown {
  if (code === 200) return result;
  const facts: Facts = { ...answer, family: 'mix', code, mixCode };
  if (mixCode === 230014) throw new NotSignedInError(msg, facts);
  if (mixCode === 230011) throw new BadParameterError(msg, facts, mix_msg || msg);
  throw new ApiError(msg, facts);
}

const BAD_PARAMETER = '参数错误：';

function openBusiness({ result, msg, data }: BusinessEnvelope, answer: Facts): unknown {
  if (result === 1) return data;
  const facts: Facts = { ...answer, family: 'business' };
  const { login_status: status } = (data ?? {}) as { login_status?: number };
  if (status === 1) throw new NotSignedInError(msg, facts);
  if (status === 2) throw new NoEnterpriseError(msg, facts);
  if (msg.startsWith(BAD_PARAMETER)) throw new BadParameterError(msg, facts, msg.slice(BAD_PARAMETER.length));
  throw new ApiError(msg, facts);
}

function factsOf({ status, headers }: Response): Facts {
  const retryAfter = headers.get('retry-after');
  return {
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isMix = (value: unknown): value is MixEnvelope => isObject(value) && 'mix_code' in value && 'result' in value;
const isBusiness = (value: unknown): value is BusinessEnvelope =>
  isObject(value) && 'data' in value && 'msg' in value && 'result' in value;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
