import type { z } from 'zod/mini';

const time = '2026-12-01T10:15:00.000Z';
const id = 'Zx3kQ0m7T1uW5yB8cN2dEg';
const base64url = 'o2NmbXRkbm9uZWdhdHRTdG10oA';
const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Example values, by the name of a member or parameter. A member whose name ends in `At` is a time. */
const values: Record<string, unknown> = {
  id,
  account: id,
  mail: id,
  challenge: id,
  token: id,
  email: 'ada@example.com',
  sentTo: 'ada@example.com',
  subject: 'ada@example.com',
  name: 'Ada Lovelace',
  password: 'violet anchor seventeen lamps',
  current: 'violet anchor seventeen lamps',
  next: 'copper meadow eleven trains',
  code: '482913',
  attemptsLeft: 5,
  stay: true,
  device: 'Firefox on Linux',
  address: '203.0.113.7',
  at: time,
  from: time,
  since: time,
  until: time,
  firstSeen: time,
  lastSeen: time,
  day: '2026-12-01',
  ranOn: '2026-12-01',
  events: 3,
  action: 'session.begun',
  summary: 'Signed in',
  target: null,
  recoveryCodesLeft: 10,
  'recoveryCodes[]': '2222-3333-4444-5555-6666-7777',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Flowcept:ada%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Flowcept',
  qr: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  rawId: base64url,
  clientDataJSON: base64url,
  authenticatorData: base64url,
  signature: base64url,
  userHandle: base64url,
  attestationObject: base64url,
  authenticatorAttachment: 'platform',
  'transports[]': 'internal',
  to: '/home',
  location: 'https://accounts.example.com/authorize?state=Zx3kQ0m7T1uW5yB8cN2dEg',
  provider: 'google',
  issuer: 'https://accounts.google.com',
  origin: 'https://app.example.com',
  host: 'app.example.com',
  'sandbox[]': 'mail',
  passwordMinLength: 15,
  version: '0.1.0',
  build: hash,
  key: hash,
  hash,
  head: hash,
  commit: null,
  store: 'libSQL',
  section: 'Accounts',
  statement: 'Passwords are hashed with bcrypt.',
  wording: 'Passwords are hashed with bcrypt.',
  reason: 'All checks passed.',
  title: 'Stored passwords are bcrypt hashes',
  examined: 1,
  population: 1,
  caught: 3,
  total: 3,
  saw: 'A hash with cost 12',
  limits: 'Looks at new passwords only.',
  command: 'node bin/flowcept.js verify https://app.example.com',
  expect: 'Exit status 0',
  seq: 1,
  before: 1,
  jws: 'e30.e30.e30',
  limit: 'sign-in',
  about: 'Sign-ins',
  tries: 1,
  value: 'https://app.example.com',
  accounts: 40,
  sessions: 2,
  enrolled: 38,
  operators: 2,
  enrolledOperators: 2,
  graceDays: 14,
};

type Schema = z.core.JSONSchema._JSONSchema;

/**
 * Returns a value that fits the schema, with every optional member. Of several alternatives the first is used;
 * `null` for a string or number whose name is not in the table.
 */
export function exampleOf(schema: Schema, name = ''): unknown {
  if (typeof schema === 'boolean') return null;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return exampleOf(first, name);
  const { type, items } = schema;
  if (type === 'object') {
    const members = Object.entries(schema.properties ?? {});
    return Object.fromEntries(members.map(([key, member]) => [key, exampleOf(member, key)]));
  }
  if (type === 'array')
    return typeof items === 'object' && !Array.isArray(items)
      ? [exampleOf(items, `${name}[]`)]
      : [];
  return leaf(name, type);
}

function leaf(name: string, type: z.core.JSONSchema.BaseSchema['type']): unknown {
  if (type === 'boolean') return true;
  if (type === 'null' || type === undefined) return null;
  if (name.endsWith('At')) return time;
  return values[name] ?? null;
}
