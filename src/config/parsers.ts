import { z } from 'zod';

/* The kinds of settings. A message reads well after the variable's name. */

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`));

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** A comma-separated list; empty when the variable is absent. */
export const list = (value: z.ZodType<string, string>) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((item) => item.trim() || []))
    .pipe(z.array(value));

/** A setting whose value is read by a function that answers undefined for an invalid one. */
const readBy = (read: (text: string) => string | undefined, message: string) =>
  z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue(message);
    return z.NEVER;
  });

/** An origin as browsers send it: in lower case, without the scheme's own port; also `null` and `*`, any origin. */
export const origin = readBy(
  readOrigin,
  'must be origins such as https://crm.example.com without a path, separated by commas, or *',
);

function readOrigin(text: string): string | undefined {
  if (text === '*' || text === 'null') return text;
  const url = parseUrl(text);
  if (!url?.host || url.host.includes('*') || url.username || url.password) return undefined;
  if (!/^\/?$/.test(url.pathname) || /[?#]/.test(text)) return undefined;
  return `${url.protocol}//${url.host}`.toLowerCase(); // of capacitor:// and the like, URL.origin says `null`
}

/** An http(s) URL that paths can be appended to. */
export const baseUrl = readBy((text) => {
  const url = parseUrl(text);
  const isBase = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#]/.test(text);
  return isBase ? url.href.replace(/\/+$/, '') : undefined;
}, 'must be an http(s) URL without user, query and fragment');

/** An http(s) proxy, with user and password if it asks for them. */
export const proxyUrl = readBy((text) => {
  const url = parseUrl(text);
  const isProxy = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !/[?#]/.test(text);
  return isProxy ? url.href : undefined;
}, 'must be an http(s) URL without path, query and fragment');

/**
 * Whether a URL is `mysql://` or `mariadb://` with every part percent-encoded and nothing after the database name, which
 * TypeORM writes between quotes as it is.
 */
export function isServerUrl(text: string): boolean {
  const url = parseUrl(text);
  if (!url) return false;
  try {
    [url.username, url.password].forEach(decodeURIComponent);
    return (
      /^(mysql|mariadb):\/\/[^/?#]+\/[^/?#]+$/.test(text) && /^\/[^'"`\\]+$/.test(decodeURIComponent(url.pathname))
    );
  } catch {
    return false;
  }
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
