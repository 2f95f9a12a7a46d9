/** The path of a request target: without query and fragment, and without the origin that a proxy may send before it. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
}

/** Whether the percent signs of a request target's path stand for UTF-8. */
export function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(beforeQuery(url));
    return true;
  } catch {
    return false;
  }
}

/**
 * A request target that every router can decode: without a fragment, which no client should send, and in place of a path
 * that stands for no text, its characters.
 */
export function decodableUrl(target: string): string {
  const url = target.replace(/#.*$/s, '');
  if (isDecodable(url)) return url;
  const path = beforeQuery(url);
  return path.replaceAll('%', '%25') + url.slice(path.length);
}

function beforeQuery(url: string): string {
  return /^[^?#]*/.exec(url)![0];
}

/** A request target without doubled slashes and without one at the end of its path (CONTRACT 1.1). */
export function cleanUrl(url: string): string {
  const [, origin, path, rest] = /^(https?:\/\/[^/?#]*)?([^?#]*)(.*)$/is.exec(url)!;
  return (origin ?? '') + (path!.replace(/\/{2,}/g, '/').replace(/\/$/, '') || '/') + rest;
}
