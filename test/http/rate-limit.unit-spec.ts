import { TooManyRequests } from '../../src/http/output/errors';
import { RateLimit } from '../../src/http/edge/rate-limit';
import { subscriber } from '../../src/http/edge/client-address';
import { trustedProxies } from '../../src/http/edge/trusted-proxies';

describe('a rate limit', () => {
  test('limits the requests of each subject per minute', () => {
    const limit = new RateLimit(3);
    for (let n = 0; n < 3; n++) limit.take('a');
    expect(() => limit.take('a')).toThrow(TooManyRequests);
    expect(() => limit.take('b')).not.toThrow();
  });

  test('tells the remaining seconds of the minute', () => {
    const limit = new RateLimit(1);
    limit.take('a');
    try {
      limit.take('a');
      throw new Error('was not limited');
    } catch (error) {
      expect((error as TooManyRequests).retryAfter).toBeGreaterThan(55);
      expect((error as TooManyRequests).retryAfter).toBeLessThanOrEqual(60);
    }
  });

  test('of 0 is no limit', () => {
    const limit = new RateLimit(0);
    expect(() => Array.from({ length: 1000 }, () => limit.take('a'))).not.toThrow();
  });

  test('counts an IPv6 subscriber by its /64 network', () => {
    const same = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::', '2001:db8:1:2:a:b:c:d'];
    expect(new Set(same.map(subscriber))).toEqual(new Set(['2001:db8:1:2']));
    expect(subscriber('2001:db8::1')).toBe('2001:db8:0:0');
    expect(subscriber('::1')).not.toBe(subscriber('2001:db8:1:2::1'));
    const spellings = ['2001:DB8::1', '2001:0db8::1', '2001:db8:0:0::1', '2001:db8::1%eth0'];
    expect(new Set(spellings.map(subscriber))).toEqual(new Set(['2001:db8:0:0']));
    expect(subscriber('::ffff:cb00:7105')).toBe('203.0.113.5');
    expect(subscriber('1:2:3:4:5:6:7::')).toBe('1:2:3:4');
    expect(['x'.repeat(1000), "' OR 1=1", '', undefined].map(subscriber)).toEqual(Array(4).fill('unknown'));
    expect(['198.51.100.1:4444', '[2001:db8:1:2::1]:4444'].map(subscriber)).toEqual(['198.51.100.1', '2001:db8:1:2']);
    expect([subscriber('10.1.2.3'), subscriber('::ffff:10.1.2.3')]).toEqual(['10.1.2.3', '10.1.2.3']);
  });
});

test('trusted proxies are the addresses of the given networks only', () => {
  const isTrusted = trustedProxies(['10.0.0.0/8', 'fd00::/8']);
  expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'].map(isTrusted)).toEqual([true, true, true]);
  expect(['11.1.2.3', '127.0.0.1', '::1', 'unix', undefined].map(isTrusted)).toEqual(Array(5).fill(false));
  expect(trustedProxies([])('127.0.0.1')).toBe(false);
});
