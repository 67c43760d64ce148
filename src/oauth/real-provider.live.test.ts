import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy, type TestDeployment } from '../../test/deployment.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';

/** Tests against an independent, certified OpenID provider. Our own mock could share our mistakes. */
describe('a provider that is not ours', () => {
  const server = createServer();
  let deployment: TestDeployment;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const variables = {
      GOOGLE_CLIENT_ID: 'flowcept',
      GOOGLE_CLIENT_SECRET: 'a-secret-of-some-length',
      GOOGLE_ISSUER: issuer,
    };
    const provider = openProvider(issuer, variables.GOOGLE_CLIENT_SECRET);
    const handle = provider.callback();
    server.on('request', (request, response) => {
      if (!request.url?.startsWith('/login/')) return void handle(request, response);
      void provider.interactionFinished(
        request,
        response,
        { login: { accountId: 'person-1' } },
        { mergeWithLastSubmission: false },
      );
    });
    deployment = await deploy(
      async () => ({ kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` }),
      variables,
    );
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await deployment.stop();
  });

  it('interoperates with us: discovery, PKCE, keys, claims', async () => {
    const visitor = deployment.visitor();
    const { headers } = await visitor.get('/api/sign-in/google?to=/activity');
    const back = await through(headers.get('location') ?? '');
    expect(back.searchParams.get('iss')).toBe(deployment.config.google?.issuer.origin);
    const answer = await visitor.get(`${back.pathname}${back.search}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/activity']);
    expect((await visitor.get('/api/session')).body.user).toMatchObject({
      email: 'person@example.org',
      name: 'A Person',
    });
  });

  it('gives no token for a code that another browser requested', async () => {
    const [visitor, other] = [deployment.visitor(), deployment.visitor()];
    const back = await through(
      (await visitor.get('/api/sign-in/google')).headers.get('location') ?? '',
    );
    const theirs = await through(
      (await other.get('/api/sign-in/google')).headers.get('location') ?? '',
    );
    const mixed = new URL(back);
    mixed.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    const answer = await visitor.get(`${mixed.pathname}${mixed.search}`);
    expect(answer.headers.get('location')).toContain('problem=provider-failed');
    expect((await visitor.get('/api/session')).status).toBe(401);
  });
});

function openProvider(issuer: string, secret: string) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'flowcept',
        client_secret: secret,
        redirect_uris: ['http://localhost:3000/api/sign-in/google/callback'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['one key'] },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    findAccount: async (_, sub) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        email: 'person@example.org',
        email_verified: true,
        name: 'A Person',
      }),
    }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: 'flowcept', accountId: 'person-1' });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
}

/** Follows redirects with the provider’s cookies, like a browser, until one leads back to us. */
async function through(start: string): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = new URL(start), hops = 0; hops < 10; hops += 1) {
    if (url.hostname === 'localhost') return url;
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const [, name = '', value = ''] of answer.headers
      .getSetCookie()
      .map((line) => /^([^=]+)=([^;]*)/.exec(line) ?? []))
      cookies.set(name, value);
    url = new URL(answer.headers.get('location') ?? '', url);
  }
  throw new Error('The provider does not send the browser back.');
}
