import * as oauth from 'oauth4webapi';
import type { Calls } from './code-flow.ts';

/** Milliseconds for which what an issuer says of itself is believed, and between two looks for a key that is not known. */
const freshFor = 60 * 60_000;
const keyPause = 60_000;

/** An OpenID issuer: what it says of itself, and its keys. Both are asked for once and kept in memory. */
export interface Issuer {
  server(): Promise<oauth.AuthorizationServer>;
  /** Verifies the ID token that was read from this answer, by the issuer's own keys, whatever the token's header names. */
  verifySignature(answer: Response, calls: Calls): Promise<void>;
}

/** OpenID Connect Discovery §4. The library keeps the keys with the object that describes the server. */
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

  /** A key that is not known may be a new one: asked for again, but not more often than once a minute. */
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
