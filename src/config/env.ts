import { z } from 'zod';
import { OperatorError } from '../base/operator-error';
import { baseUrl, flag, isServerUrl, list, origin, proxyUrl, wholeNumber } from './parsers';

const SERVER_URL =
  'mysql://user:password@host:port/database or mariadb://…, percent-encoded, without options or quotes';

/** Each setting by its name, checked by itself. */
const settings = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address')
    .default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .refine((url) => /^sqlite:\S/.test(url) || isServerUrl(url), `must be sqlite:<file>, ${SERVER_URL}`)
    .default('sqlite:./data/customer-hub.sqlite'),
  DATABASE_REPLICA_URLS: list(z.string().refine(isServerUrl, `must be ${SERVER_URL}, separated by commas`)),
  DATABASE_POOL_SIZE: wholeNumber(1, 100).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000).default(10_000),
  CLUSTER_WORKERS: wholeNumber(1, 64).default(1),
  DATABASE_TLS: flag.default(false),
  DEMO_DATA: flag.optional(),
  DRAIN_SECONDS: wholeNumber(0, 15).default(5),
  NODE_ENV: z.enum(['production', 'development', 'test'], 'must be production, development or test').optional(),
  PUBLIC_URL: baseUrl.optional(),
  IMPORT_DATABASE_URL: z.string().refine(isServerUrl, `must be ${SERVER_URL}`).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'must be fatal, error, warn, info, debug or trace')
    .default('info'),
  // A header cannot carry other characters unchanged.
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have 16 characters or more, of ASCII and without blanks')
    .optional(),
  TRUSTED_PROXIES: list(z.union([z.cidrv4(), z.cidrv6()], 'must be CIDRs such as 10.0.0.0/8, separated by commas')),
  CORS_ORIGINS: list(origin),
  RATE_LIMIT_ADDRESS: wholeNumber(0, 1_000_000).default(12_000),
  RATE_LIMIT_ACCOUNT: wholeNumber(0, 1_000_000).default(3_000),
  MAX_EVENT_LOOP_DELAY_MS: wholeNumber(0, 60_000).default(500),
  MIX_PAGE_SIZE: wholeNumber(1, 1000).default(20),
  MIX_PAGE_SIZE_MAX: wholeNumber(1, 10_000).default(1000),
  MIX_ALL_MAX: wholeNumber(1, 100_000).default(10_000),
  BUSINESS_PAGE_SIZE: wholeNumber(1, 1000).default(15),
  BUSINESS_PAGE_SIZE_MAX: wholeNumber(1, 1000).default(100),
  BUSINESS_IS_BINDING: flag.default(false),
  BUSINESS_TITLE: z.string().max(64, 'must have 64 characters or less').default('企业管理'),
  WECOM_API_BASE: baseUrl
    .refine((url) => !url.endsWith('/cgi-bin'), 'must be without /cgi-bin')
    .default('https://qyapi.weixin.qq.com'),
  WECOM_CREDENTIAL_KEY: z
    .string()
    .regex(/^[\da-f]{64}$/i, 'must be 64 hex digits')
    .optional(),
  WECOM_TIMEOUT_MS: wholeNumber(100, 120_000).default(10_000),
  // More in flight than this WeCom refuses (45033).
  WECOM_CONCURRENCY: wholeNumber(1, 5).default(4),
  WECOM_LIMIT_PAUSE_SECONDS: wholeNumber(1, 3600).default(60),
  WECOM_MAX_LOSS_PERCENT: wholeNumber(0, 100).default(20),
  WECOM_PROXY_URL: proxyUrl.optional(),
  WECOM_SYNC_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 03:30')
    .optional(),
});

/** The settings by name. */
export const SETTINGS: object = settings.shape;

const schema = settings
  .refine((env) => env.DATABASE_REPLICA_URLS.length === 0 || !env.DATABASE_URL.startsWith('sqlite:'), {
    path: ['DATABASE_REPLICA_URLS'],
    error: 'needs a DATABASE_URL on MySQL or MariaDB',
  })
  .refine((env) => env.CLUSTER_WORKERS === 1 || !env.DATABASE_URL.startsWith('sqlite:'), {
    path: ['CLUSTER_WORKERS'],
    error: 'must be 1 with SQLite, which serves one process',
  })
  .refine((env) => env.MIX_PAGE_SIZE <= env.MIX_PAGE_SIZE_MAX, {
    path: ['MIX_PAGE_SIZE'],
    error: 'must not be above MIX_PAGE_SIZE_MAX',
  })
  .refine((env) => env.BUSINESS_PAGE_SIZE <= env.BUSINESS_PAGE_SIZE_MAX, {
    path: ['BUSINESS_PAGE_SIZE'],
    error: 'must not be above BUSINESS_PAGE_SIZE_MAX',
  });

/** The settings of one process; `.env.example` says what each one means. */
export type Env = z.infer<typeof schema>;

/** Injection token of {@link Env}. */
export const ENV = Symbol('Env');

/** An invalid setting; the message names the variable and never shows its value. */
class SettingsError extends OperatorError {}

/**
 * Reads the environment; nothing else does. Blanks around a value do not count, and an empty variable counts as absent.
 * @throws SettingsError naming the first invalid variable
 */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const given: Record<string, string> = {};
  for (const name of Object.keys(settings.shape)) {
    const value = source[name]?.trim();
    if (!value) continue;
    // Left by Docker's --env-file and the like, which take quotes for a part of the value.
    if (/^(["']).*\1$/s.test(value)) throw new SettingsError(`${name} must not be in quotes`);
    given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SettingsError(`${String(issue?.path[0])} ${issue?.message}`);
}
