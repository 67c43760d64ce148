import * as oauth from 'oauth4webapi';
import { z } from 'zod/mini';
import type { GoogleSetting } from '../config.ts';
import type { Person, ProviderClient } from '../services.ts';
import { authorizationUrl, codeFlow, exchangeCode, withDeadline } from './code-flow.ts';
import { issuerName } from './issuer-name.ts';
import { makeIssuer } from './issuer.ts';
import type { ProviderParts } from './providers.ts';

/** Clock skew in seconds that is tolerated. */
const tolerance = 60;

/** `email_verified` must be the boolean `true`: some providers send the string `"true"` for any address. */
const claimsShape = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(255)),
  iat: z.number(),
  email: z.optional(z.string()),
  email_verified: z.optional(z.unknown()),
  name: z.optional(z.unknown()),
});

/**
 * The client for Google or any other OpenID provider with discovery. OpenID Connect Core §3.1; ASVS 10.5.1 to 10.5.4.
 */
export function makeGoogle(
  { issuer, ...credentials }: GoogleSetting,
  parts: ProviderParts,
): ProviderClient {
  const flow = codeFlow(credentials, parts, {
    scope: 'openid email profile',
    isPlain: issuer.protocol === 'http:',
  });
  const google = makeIssuer(issuer, flow.calls);
  return {
    // Google calls itself `https://accounts.google.com`, without the slash that a URL gets.
    issuer: issuerName(credentials, issuer.pathname === '/' ? issuer.origin : issuer.href),
    async authorizationUrl(secrets, purpose) {
      return authorizationUrl(flow, await google.server(), secrets, {
        purpose,
        more: { nonce: secrets.nonce },
      });
    },
    async whoCameBack(answer, secrets) {
      const timed = withDeadline(flow);
      const server = await google.server();
      const response = await exchangeCode(timed, server, answer, secrets);
      const options = { expectedNonce: secrets.nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(
        server,
        flow.client,
        response,
        options,
      );
      await google.verifySignature(response, timed.calls);
      return personOf(oauth.getValidatedIdTokenClaims(tokens));
    },
  };
}

function personOf(claims: unknown): Person {
  const { sub, iat, email, email_verified: verified, name } = claimsShape.parse(claims);
  if (iat > Date.now() / 1000 + tolerance)
    throw new Error('The ID token was issued in the future.');
  return {
    subject: sub,
    email: verified === true ? (email ?? null) : null,
    name: typeof name === 'string' ? name : null,
  };
}
