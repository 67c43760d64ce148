import * as oauth from 'oauth4webapi';
import { minute, hour } from '../clock.ts';
import type { Calls } from './code-flow.ts';

/** Milliseconds for which an issuer’s metadata is cached, and between two requests for unknown keys. */
const freshFor = hour;
const keyPause = minute;

/**
 * An OpenID issuer’s metadata and keys, cached in memory. The metadata is fetched again after an hour; a failed request
 * is not cached.
 */
export interface Issuer {
  server(): Promise<oauth.AuthorizationServer>;
  /** Verifies the ID token in this response with keys that the issuer publishes, never with one from its header. */
  verifySignature(answer: Response, calls: Calls): Promise<void>;
}

/** OpenID Connect Discovery §4. The library caches the keys with the server’s metadata object. */
export function makeIssuer(identifier: URL, calls: Calls): Issuer {
  let known: { server: Promise<oauth.AuthorizationServer>; at: number } | null = null;
  let askedForKeys = 0;

  const server = () => {
    const isFresh = known !== null && Date.now() - known.at < freshFor;
    if (known && isFresh) return known.server;
    const asked = { server: discover(identifier, calls), at: Date.now() };
    asked.server.catch(() => {
      if (known === asked) known = null;
    });
    known = asked;
    return asked.server;
  };

  /** An unknown key may be a new one. Fetches the keys again, at most once a minute. */
  const withNewKeys = async () => {
    if (Date.now() - askedForKeys < keyPause) return null;
    askedForKeys = Date.now();
    const renewed = { ...(await server()) };
    known = { server: Promise.resolve(renewed), at: Date.now() };
    return renewed;
  };

  return {
    server,
    async verifySignature(answer, timed) {
      try {
        await oauth.validateApplicationLevelSignature(await server(), answer, timed);
      } catch (error) {
        const renewed = isUnknownKey(error) ? await withNewKeys() : null;
        if (renewed === null) throw error;
        await oauth.validateApplicationLevelSignature(renewed, answer, timed);
      }
    },
  };
}

async function discover(identifier: URL, calls: Calls): Promise<oauth.AuthorizationServer> {
  return oauth.processDiscoveryResponse(
    identifier,
    await oauth.discoveryRequest(identifier, calls),
  );
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof oauth.OperationProcessingError && error.code === oauth.KEY_SELECTION;
}
