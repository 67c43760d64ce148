import { describe, expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { claims, factsOf, type ClaimId } from './claims.ts';

const key = `k:${Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64')}`;
const hosted = {
  PUBLIC_URL: 'https://app.example.org',
  FLOWCEPT_KEYS: key,
  SMTP_URL: 'smtps://mail.example.org',
  MAIL_FROM: 'a@example.org',
};
const settingOf = (id: ClaimId, variables: Record<string, string>, vercel = false) =>
  claims[id].settingOn(factsOf(readConfig(variables), vercel))?.status ?? null;

describe('where a claim applies', () => {
  test.each<[ClaimId, string, Record<string, string>, string | null]>([
    ['tls', 'plain loopback', {}, 'not-applicable'],
    ['https-redirect', 'plain loopback', {}, 'not-applicable'],
    ['tls', 'HTTPS on loopback', { PUBLIC_URL: 'https://localhost:3000' }, null],
    ['tls', 'a public site', hosted, null],
    ['https-redirect', 'a public site', hosted, null],
    [
      'https-redirect',
      'HTTPS on loopback without a port for plain HTTP',
      { PUBLIC_URL: 'https://localhost:3000' },
      'not-applicable',
    ],
    ['database-access', 'the embedded database', {}, 'not-applicable'],
    ['network-access', 'the embedded database', {}, 'not-applicable'],
    ['encryption-at-rest', 'the embedded database', {}, null],
    ['database-access', 'MongoDB', { DATABASE_URL: 'mongodb://db.example.org/app' }, null],
    [
      'encryption-at-rest',
      'Atlas',
      { DATABASE_URL: 'mongodb+srv://u:p@cluster0.abcde.mongodb.net/app' },
      'inherited',
    ],
    [
      'encryption-at-rest',
      'MongoDB elsewhere',
      { DATABASE_URL: 'mongodb://db.example.org/app' },
      'unverified',
    ],
    [
      'encryption-at-rest',
      'a host that only ends like Atlas',
      { DATABASE_URL: 'mongodb://evilmongodb.net/app' },
      'unverified',
    ],
    [
      'encryption-at-rest',
      'a password that looks like Atlas',
      { DATABASE_URL: 'mongodb://u:x.mongodb.net@db.example.org/app' },
      'unverified',
    ],
    [
      'encryption-at-rest',
      'hosts of which one is not Atlas',
      { DATABASE_URL: 'mongodb://a.mongodb.net:27017,db.example.org/app' },
      'unverified',
    ],
    ['hosting', 'somewhere', {}, 'not-applicable'],
  ])('%s on %s', (id, _, variables, status) => {
    expect(settingOf(id, variables)).toBe(status);
  });

  test('hosting is inherited on Vercel', () => {
    expect(settingOf('hosting', hosted, true)).toBe('inherited');
  });
});
