import type { Config } from '../config.ts';
import { clientAddress, isLoopbackAddress, networkOf } from './client-address.ts';
import { cookieName, tokenFromCookie } from './cookies.ts';
import type { Client } from './endpoint.ts';

/** What the server that received the request knows and no header can say. */
export interface Peer {
  /** The socket's other end. */
  address: string;
}

export function clientOf({ headers }: Request, peer: Peer, { trustProxy, secure }: Pick<Config, 'trustProxy' | 'secure'>): Client {
  const address = clientAddress(peer.address, headers.get('x-forwarded-for'), trustProxy);
  const cookies = headers.get('cookie');
  return {
    address,
    network: networkOf(address),
    userAgent: headers.get('user-agent') ?? '',
    sessionToken: tokenFromCookie(cookies, cookieName('flowcept', secure)),
    deviceToken: tokenFromCookie(cookies, cookieName('flowcept-device', secure)),
    flowToken: tokenFromCookie(cookies, cookieName('flowcept-flow', secure)),
    site: headers.get('sec-fetch-site'),
  };
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Straight from this machine, with no proxy between that could have let in the world. */
export function isLocal({ headers }: Request, peer: Peer): boolean {
  return isLoopbackAddress(peer.address) && !forwarding.some((name) => headers.has(name));
}
