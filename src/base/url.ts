/** The path of a request target: without query and fragment, and without the origin that a proxy may send before it. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
}
