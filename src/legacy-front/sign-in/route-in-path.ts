import { parseQueryString } from '../../http/input/php-params';
import { SHOP_PATHS } from '../../http/output/families';

/** Where the vendor's shop answers everything; the parameter `route` says what is asked (CONTRACT 2.5). */
export const API_PHP = `${SHOP_PATHS}api.php`;

const WITH_QUERY = new RegExp(`^((?:\\w+://[^/?#]*)?${API_PHP.replaceAll('.', '\\.')})(\\?[^#]*)`);

/**
 * Moves the parameter `route` of {@link API_PHP} into the path, so that each operation is a route with a name in the
 * log, limits and documentation of its own: `…/api.php?i=2&route=a.b` becomes `…/api.php/a.b?i=2&route=a.b`.
 * @param url a request target, cleaned
 */
export function routeInPath(url: string): string {
  const [start, path, query] = WITH_QUERY.exec(url) ?? [];
  if (start === undefined) return url;
  const { route } = parseQueryString(query!.slice(1));
  if (typeof route !== 'string' || route === '') return url;
  return `${path}/${encodeURIComponent(route)}${url.slice(path!.length)}`;
}
