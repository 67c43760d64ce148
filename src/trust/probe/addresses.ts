import { randomInt } from 'node:crypto';

/** Each visitor's own loopback address: 127/8 has sixteen million, and 127.0.0.1 belongs to people. */
export function makeAddresses(): (visitor: string) => string {
  const addresses = new Map<string, string>();
  return (visitor) => {
    const address =
      addresses.get(visitor) ?? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
    addresses.set(visitor, address);
    return address;
  };
}
