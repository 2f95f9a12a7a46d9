import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** What stands for a client: its IPv4 address, or the /64 network that a subscriber has of IPv6, in one spelling only. */
export function subscriber(address: string): string {
  const plain = address.replace(/%.*$/s, '');
  if (isIPv4(plain)) return plain;
  // A proxy that passes on what the client wrote: all that is no address is one client.
  if (!isIPv6(plain)) return 'unknown';
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  if (mapped) return mapped;
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
