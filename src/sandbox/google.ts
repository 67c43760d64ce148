import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { PageLayout } from '../http/page.tsx';
import { readForm } from '../http/read-body.ts';
import type { Services } from '../services.ts';
import { askConsent, giveConsent } from './consent.tsx';
import { redeemCode, sealGrant, type Grant } from './grant.ts';
import { makeIdTokens } from './id-tokens.ts';

type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock'> & {
  layout: PageLayout;
};

/** A mock of Google as an OpenID provider: discovery, consent, codes, signed ID tokens. OpenID Connect Core §3.1. */
export function mockGoogle(deps: Dependencies): Hono {
  const issuer = `${deps.config.origin}/sandbox/google`;
  const idTokens = makeIdTokens(issuer);
  const google = new Hono();
  google.get('/.well-known/openid-configuration', () => Response.json(metadata(issuer)));
  google.get('/jwks', async () => Response.json(await idTokens.jwks()));
  google.get('/authorize', ({ req }) => askConsent(deps, 'google', new URL(req.url)));
  google.get('/consent', ({ req }) =>
    giveConsent(deps, 'google', new URL(req.url), { iss: issuer }),
  );
  google.post('/token', async ({ req }) => {
    const form = await readForm(req.raw);
    const { google: client } = deps.config;
    if (
      form.get('client_id') !== client?.clientId ||
      form.get('client_secret') !== client?.clientSecret
    )
      return Response.json({ error: 'invalid_client' }, { status: 401 });
    const grant = await redeemCode(deps, form);
    if (grant?.ask.provider !== 'google')
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    const id_token = await idTokens.sign(claimsOf(grant), { audience: client.clientId });
    return Response.json({
      access_token: sealGrant(deps, 'token', grant),
      token_type: 'Bearer',
      expires_in: 600,
      scope: grant.ask.scope,
      id_token,
    });
  });
  return google;
}

function claimsOf({ ask, person: { email, name, verified } }: Grant) {
  // The same address always gives the same ID, also after a restart. No person at Google has such an ID. The prefix
  // must stay, because stored identities contain it.
  const sub = `practice-${createHash('sha256').update(email).digest('base64url').slice(0, 21)}`;
  return { sub, email, email_verified: verified, name, nonce: ask.nonce };
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
