import { routeInPath } from '../../src/legacy-front/sign-in/route-in-path';

test.each([
  ['/addons/yun_shop/api.php?route=a.b', '/addons/yun_shop/api.php/a.b?route=a.b'],
  ['/addons/yun_shop/api.php?i=2&route=a.b&x=1', '/addons/yun_shop/api.php/a.b?i=2&route=a.b&x=1'],
  ['/addons/yun_shop/api.php?route=a&route=b', '/addons/yun_shop/api.php/b?route=a&route=b'],
  ['/addons/yun_shop/api.php?route=a/../b?c', '/addons/yun_shop/api.php/a%2F..%2Fb%3Fc?route=a/../b?c'],
  ['/addons/yun_shop/api.php?route=%E4%B8%AD', '/addons/yun_shop/api.php/%E4%B8%AD?route=%E4%B8%AD'],
  ['http://h/addons/yun_shop/api.php?route=a', 'http://h/addons/yun_shop/api.php/a?route=a'],
  ['HTTPS://H/addons/yun_shop/api.php?route=a', 'HTTPS://H/addons/yun_shop/api.php/a?route=a'],
])('%s becomes %s', (url, rewritten) => expect(routeInPath(url)).toBe(rewritten));

test.each([
  '/addons/yun_shop/api.php',
  '/addons/yun_shop/api.php?',
  '/addons/yun_shop/api.php?i=2',
  '/addons/yun_shop/api.php?route=',
  '/addons/yun_shop/api.php?route[]=a',
  '/addons/yun_shop/api.php?route[a]=b',
  '/addons/yun_shop/api.php?route=%ff',
  `/addons/yun_shop/api.php?${'a=1&'.repeat(1101)}route=a`,
  '/addons/yun_shop/api.php?#route=a',
  '/addons/yun_shop/api.php/a?route=b',
  '/addons/yun_shop/apixphp?route=a',
  '/ADDONS/yun_shop/api.php?route=a',
  '/x/addons/yun_shop/api.php?route=a',
  '/api/login?route=a',
  '/?u=/addons/yun_shop/api.php?route=a',
  '*',
  '',
])('%s stays', (url) => expect(routeInPath(url)).toBe(url));
