import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * The address of a client; some proxies add a port.
 * @param text as it is told; nothing when the client has gone already
 * @returns `unknown` also for what a proxy passes on of a client's words
 */
export function addressOf(text: string | undefined): string {
  if (text === undefined) return 'unknown';
  if (isIPv4(text)) return text;
  const [, inBrackets, withPort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  const plain = (inBrackets ?? withPort ?? text).replace(/%.*$/s, '');
  return isIPv4(plain) || isIPv6(plain) ? plain : 'unknown';
}

/** What stands for a client: its IPv4 address, or the /64 network that a subscriber has of IPv6, in one spelling only. */
export function subscriber(address: string | undefined): string {
  const plain = addressOf(address);
  if (!isIPv6(plain)) return plain; // all that is no address is one client
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  if (mapped) return mapped;
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
