import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Returns the client’s address. With `trusted` proxies in front, that is the address that the outermost of them added
 * to `X-Forwarded-For`, counted from the right. If it is not a valid address, or without proxies, returns the socket’s.
 * ASVS 4.1.3.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | null,
  trusted: number,
): string {
  const hops = trusted > 0 && forwardedFor !== null ? forwardedFor.split(',') : [];
  const said = withoutPort(hops.at(-trusted)?.trim() ?? '');
  return unmapped(isIP(said) ? said : socketAddress);
}

/** Some proxies add the client’s port, and brackets around IPv6. */
function withoutPort(entry: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return bracketed;
  return isIP(entry) ? entry : entry.replace(/:\d{1,5}$/, '');
}

/**
 * Returns the network that limits count by: the whole IPv4 address, or the /64 of an IPv6 address, because one customer
 * has at least a /64.
 */
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

/** Turns `::ffff:1.2.3.4` into 1.2.3.4. RFC 4291 §2.5.5.2. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (!high || !low) return address;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
