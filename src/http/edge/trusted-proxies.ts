import { BlockList, isIPv6 } from 'node:net';

/** Whether an address is a proxy that may set the client's address and the request's id. */
export type IsTrusted = (address: string | undefined) => boolean;

/** @param cidrs networks such as `10.0.0.0/8` or `fd00::/8`; if empty, no proxy is trusted */
export function trustedProxies(cidrs: string[]): IsTrusted {
  const proxies = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    proxies.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return (address) => address !== undefined && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
