/** The path of a request target: without query and fragment, and without the origin that a proxy may send before it. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
}

/** A request target without doubled slashes and without one at the end of its path (CONTRACT 1.1). */
export function cleanUrl(url: string): string {
  const [, origin, path, rest] = /^(https?:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url)!;
  return (origin ?? '') + (path!.replace(/\/{2,}/g, '/').replace(/\/$/, '') || '/') + rest;
}
