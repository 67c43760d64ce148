import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * The client's address: the socket's, or with `trusted` proxies in front the word of the outermost of them,
 * which stands that far from the right in `X-Forwarded-For`. A word that is no address falls back to the socket's. ASVS 4.1.3.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | null,
  trusted: number,
): string {
  const hops = trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];
  const said = hops.at(-trusted)?.trim() ?? '';
  return unmapped(isIP(said) ? said : socketAddress);
}

/** What limits count by: IPv4 whole, IPv6 by its /64, since one customer has at least that much. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}

export function isLoopbackAddress(address: string): boolean {
  const plain = unmapped(address);
  const family = isIP(plain);
  return family !== 0 && loopback.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** `::ffff:1.2.3.4` is 1.2.3.4. RFC 4291 §2.5.5.2. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (!high || !low) return address;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
