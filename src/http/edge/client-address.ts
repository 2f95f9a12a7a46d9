import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * The IP address of a client, without the port that some proxies add.
 * @param text undefined once the connection is closed
 * @returns `unknown` for text that is no address, because a proxy may pass on what the client wrote
 */
export function addressOf(text: string | undefined): string {
  if (text === undefined) return 'unknown';
  if (isIPv4(text)) return text;
  const [, inBrackets, withPort] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  const plain = (inBrackets ?? withPort ?? text).replace(/%.*$/s, '');
  return isIPv4(plain) || isIPv6(plain) ? plain : 'unknown';
}

/** The key under which limits count a client: its IPv4 address, or the /64 network of its IPv6 address, canonical. */
export function subscriber(address: string | undefined): string {
  const plain = addressOf(address);
  if (!isIPv6(plain)) return plain; // all unknown addresses count as one client
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  if (mapped) return mapped;
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
