import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { clientAddress, networkOf } from './client-address.ts';
import {
  cookieName,
  tokenFromCookie,
  tokensFromCookie,
  tokensFromCookies,
} from './cookie-headers.ts';

/** The client of a request. */
export interface Client {
  /** When the request was received. */
  receivedAt: Date;
  /** Rate-limit key: an IPv4 address, or the /64 of an IPv6 address. */
  network: string;
  /** The address as shown to users. */
  address: string;
  userAgent: string;
  /** The value of the session cookie. Untrusted until `sessions/authenticate` has looked it up. */
  sessionToken: string | null;
  /** One for each account that this browser signed in to before, the newest first. */
  deviceCookies: readonly string[];
  /** One for each sign-in attempt at a provider that this browser has in progress. */
  flowTokens: readonly string[];
}

/** What only the listener knows about a connection, because no header can be trusted to say it. */
export interface ConnectionInfo {
  /** Remote address of the socket. */
  address: string;
  /** HTTP version of the request line, such as `1.1`. */
  httpVersion: string;
}

interface Dependencies {
  config: Pick<Config, 'trustProxy' | 'secure'>;
  clock: Clock;
}

export function clientOf(
  { headers }: Request,
  connection: ConnectionInfo,
  { config: { trustProxy, secure }, clock }: Dependencies,
): Client {
  const address = clientAddress(connection.address, headers.get('x-forwarded-for'), trustProxy);
  const cookies = headers.get('cookie');
  return {
    receivedAt: clock.now(),
    address,
    network: networkOf(address),
    userAgent: headers.get('user-agent') ?? '',
    sessionToken: tokenFromCookie(cookies, cookieName('flowcept', secure)),
    deviceCookies: tokensFromCookie(cookies, cookieName('flowcept-device', secure)),
    flowTokens: tokensFromCookies(cookies, cookieName('flowcept-flow-', secure)),
  };
}

/** Headers with which proxies, load balancers, CDNs and tunnels name the client or the path of a request. */
const forwardingHeaders: readonly RegExp[] = [
  /(^|-)forwarded(-|$)/,
  /^(via|cdn-loop|x-varnish|front-end-https)$/,
  /(^|-)(client|real|connect(ing|ion)|originating|remote|source|user|proxyuser)-?(ip(v[46])?|addr(ess)?)$/,
  /(^|-)ssl-client-/,
  /^x-(scheme|host|original-|cloud-trace)/,
  /^(x-)?(akamai|amz-cf|amzn|appengine|arr|azure|cdn|cf|cloudfront|envoy|fastly|fly|nf|nginx|ngrok|proxy|sucuri|tailscale|vercel|wl-proxy)-/,
];
/** Proxies that add no header use HTTP/1.0 for upstream requests, as nginx does by default before 1.29.7. */
const directVersions = new Set(['1.1', '2.0', '3.0']);

/**
 * Returns the sign that a proxy forwarded the request, so that it may come from the internet; `null` if there is none.
 * Some gateways write `_` for `-`.
 */
export function signOfProxy({ headers }: Request, { httpVersion }: ConnectionInfo): string | null {
  if (!directVersions.has(httpVersion)) return `HTTP/${httpVersion}`;
  const names = [...headers.keys()].map((name) => name.replaceAll('_', '-'));
  return (
    names.find((name) => forwardingHeaders.some((form) => form.test(name)))?.slice(0, 64) ?? null
  );
}
