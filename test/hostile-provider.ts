import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';

/** One answer of the provider, as it is sent. */
export type Answering = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>;

export interface Provider {
  origin: string;
  /** Variables that make a deployment use it as both providers. */
  variables: Record<string, string>;
  /** Method and path of every request that it received. */
  asked: string[];
  /** The answers at these paths instead of the correct ones. */
  instead: Map<string, Answering>;
  /** The ID token: changes before it is signed, and how it is signed. */
  claims: JWTPayload;
  sign(claims: JWTPayload): Promise<string>;
  /** The answers of GitHub’s API. */
  user: unknown;
  emails: unknown;
  /** The nonce of the newest authorization request, which a test takes from its `Location`. */
  nonce: string;
  /** Replaces the key. */
  rotate(): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
  header: JWTHeaderParameters;
}

export const json =
  (value: unknown, status = 200): Answering =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(value));

/** A provider on a local socket that is honest until a test changes its behaviour. */
export async function hostileProvider(): Promise<Provider> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let key = await generateKeyPair('RS256');
  let kid = 1;

  const provider: Provider = {
    origin,
    variables: {
      GOOGLE_CLIENT_ID: 'google-client',
      GOOGLE_CLIENT_SECRET: 'google-secret',
      GOOGLE_ISSUER: origin,
      GITHUB_CLIENT_ID: 'github-client',
      GITHUB_CLIENT_SECRET: 'github-secret',
      GITHUB_URL: `${origin}/gh`,
      GITHUB_API_URL: `${origin}/api`,
    },
    asked: [],
    instead: new Map(),
    claims: {},
    header: { alg: 'RS256' },
    user: {},
    emails: [],
    nonce: '',
    sign: (claims) => new SignJWT(claims).setProtectedHeader(provider.header).sign(key.privateKey),
    async rotate() {
      key = await generateKeyPair('RS256');
      kid += 1;
      provider.header = { alg: 'RS256', kid: `k${kid}` };
    },
    async reset() {
      const now = Math.floor(Date.now() / 1000);
      provider.asked.length = 0;
      provider.instead.clear();
      provider.header = { alg: 'RS256', kid: `k${kid}` };
      provider.claims = {
        iss: origin,
        aud: 'google-client',
        sub: '1',
        email: 'somebody@example.org',
        email_verified: true,
        name: 'Someone',
        iat: now,
        exp: now + 300,
      };
      provider.sign = (claims) =>
        new SignJWT(claims).setProtectedHeader(provider.header).sign(key.privateKey);
      provider.user = { id: 1, login: 'someone', name: 'Someone' };
      provider.emails = [{ email: 'somebody@example.org', primary: true, verified: true }];
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };

  const usual: Record<string, Answering> = {
    '/.well-known/openid-configuration': json({
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      jwks_uri: `${origin}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    }),
    '/jwks': async (...at) =>
      json({
        keys: [{ ...(await exportJWK(key.publicKey)), kid: `k${kid}`, use: 'sig', alg: 'RS256' }],
      })(...at),
    '/token': async (...at) => {
      const claims = { nonce: provider.nonce, ...provider.claims };
      return json({
        access_token: 'canary-access-token',
        token_type: 'Bearer',
        expires_in: 300,
        id_token: await provider.sign(claims),
      })(...at);
    },
    '/gh/login/oauth/access_token': json({
      access_token: 'canary-access-token',
      token_type: 'bearer',
      scope: 'read:user,user:email',
    }),
    '/api/user': (...at) => json(provider.user)(...at),
    '/api/user/emails': (...at) => json(provider.emails)(...at),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = (request.url ?? '').split('?')[0] ?? '';
    provider.asked.push(`${request.method} ${path}`);
    const answering = provider.instead.get(path) ?? usual[path] ?? json({}, 404);
    await answering(request, response, Buffer.concat(chunks).toString('utf8'));
  }

  await provider.reset();
  return provider;
}
