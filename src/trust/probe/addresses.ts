import { randomInt } from 'node:crypto';

/** Assigns each visitor its own loopback address. 127/8 has 16 million; 127.0.0.1 is left to real users. */
export function makeAddresses(): (visitor: string) => string {
  const addresses = new Map<string, string>();
  return (visitor) => {
    const address =
      addresses.get(visitor) ?? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
    addresses.set(visitor, address);
    return address;
  };
}
