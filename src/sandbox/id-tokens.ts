import type { JSONWebKeySet, JWTPayload } from 'jose';
import { once } from '../once.ts';

/** ID tokens of a mock provider, signed with a key that this process generates. */
export interface IdTokens {
  sign(claims: JWTPayload, to: { audience: string }): Promise<string>;
  jwks(): Promise<JSONWebKeySet>;
}

/** Loads the library and generates the key on first use, because most deployments have no mock provider. */
export function makeIdTokens(issuer: string): IdTokens {
  const key = once(makeKey);
  return {
    async sign(claims, { audience }) {
      const { SignJWT } = await import('jose');
      const { privateKey, kid } = await key();
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(issuer)
        .setAudience(audience);
      return token.setIssuedAt().setExpirationTime('10 minutes').sign(privateKey);
    },
    async jwks() {
      const { jwk, kid } = await key();
      return { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] };
    },
  };
}

async function makeKey() {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
