import { expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { examineProviders } from './examine.ts';

const away = {
  PUBLIC_URL: 'https://app.example.org',
  FLOWCEPT_KEYS: `k1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
  SMTP_URL: 'smtps://mail.example.org',
  MAIL_FROM: 'a@example.org',
};
const real = {
  GOOGLE_CLIENT_ID: '123-abc.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: `GOCSPX-${'x'.repeat(28)}`,
  GITHUB_CLIENT_ID: 'Ov23liAAAAAAAAAAAAAA',
  GITHUB_CLIENT_SECRET: 'a'.repeat(40),
};
const metadata = {
  issuer: 'https://accounts.google.com',
  authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
};
const answering = (body: unknown) => async () => Response.json(body);
const examine = (variables: Record<string, string>, body: unknown = metadata) =>
  examineProviders(readConfig({ ...away, ...variables }), answering(body));

it('the examination shows the redirect URIs to register, and no fault in a right configuration', async () => {
  const found = await examine(real);
  expect(found.map(({ state }) => state)).toEqual(['ok', 'ok']);
  expect(found.map(({ text }) => text).join()).toMatch(
    /https:\/\/app\.example\.org\/api\/sign-in\/google\/callback[^]*https:\/\/app\.example\.org\/api\/sign-in\/github\/callback/,
  );
});

it('the examination warns of ids and secrets of the wrong form, without showing them', async () => {
  const found = await examine({
    ...real,
    GOOGLE_CLIENT_ID: 'my-google-app',
    GITHUB_CLIENT_SECRET: 'hunter2-hunter2',
  });
  expect(
    found.filter(({ state }) => state === 'warning').map(({ text }) => text.split(' ')[0]),
  ).toEqual(['GOOGLE_CLIENT_ID', 'GITHUB_CLIENT_SECRET']);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

it('the examination names the permission that a GitHub App needs', async () => {
  for (const id of ['Iv1.0123456789abcdef', 'Iv23liABCDEFGHIJKLMN']) {
    const found = await examine({ ...real, GITHUB_CLIENT_ID: id });
    expect(found.filter(({ state }) => state === 'warning').map(({ text }) => text)).toEqual([
      expect.stringContaining('“Email addresses: read-only”'),
    ]);
  }
});

it('the examination warns of an issuer that is unreachable or names another issuer', async () => {
  for (const body of [{ ...metadata, issuer: 'https://evil.test' }, {}, [], null])
    expect((await examine(real, body))[0]).toMatchObject({ provider: 'google', state: 'warning' });
});

it('the examination names unusable providers and mock providers', async () => {
  expect((await examine({})).map(({ text }) => text)).toEqual([
    'not set: sign-in is off for Google',
    'not set: sign-in is off for GitHub',
  ]);
  expect(
    (await examineProviders(readConfig({}), answering(metadata))).map(({ text }) => text),
  ).toEqual([
    'a mock provider, at http://localhost:3000/sandbox/google',
    'a mock provider, at http://localhost:3000/sandbox/github',
  ]);
});

it('the server does not start with half of the credentials, or over plain HTTP', () => {
  expect(() => readConfig({ ...away, GOOGLE_CLIENT_ID: 'x' })).toThrow(
    'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET must be set together.',
  );
  expect(() => readConfig({ ...away, GITHUB_CLIENT_SECRET: 'x' })).toThrow(
    'GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET must be set together.',
  );
  for (const name of ['GOOGLE_ISSUER', 'GITHUB_URL', 'GITHUB_API_URL']) {
    expect(() => readConfig({ ...away, [name]: 'http://127.0.0.1:9000' })).toThrow(
      `${name} must be https:`,
    );
    expect(() => readConfig({ [name]: 'http://example.org' })).toThrow(`${name} must be https:`);
    expect(() => readConfig({ [name]: 'ftp://example.org' })).toThrow(`${name} must be a URL`);
  }
  expect(
    readConfig({
      GOOGLE_CLIENT_ID: 'x',
      GOOGLE_CLIENT_SECRET: 'y',
      GOOGLE_ISSUER: 'http://127.0.0.1:9000',
    }).google,
  ).toMatchObject({ sandbox: false });
  expect(readConfig(away).google).toBeNull();
});
