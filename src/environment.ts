import { z } from 'zod/mini';

export interface KeyMaterial {
  id: string;
  key: Buffer;
}

/** The sender of email. Without a display name, `name` is empty. */
export interface Sender {
  name: string;
  address: string;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const parsed = <Value>(read: (text: string) => Value | null, must: string) =>
  z.pipe(
    z.string(),
    z.transform((text: string, context): Value => {
      const value = read(text);
      if (value !== null) return value;
      context.issues.push({ code: 'custom', message: must, input: text });
      return z.NEVER;
    }),
  );

const wholeNumber = (from: number, to: number) =>
  parsed(
    (text) =>
      /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : null,
    `must be a whole number from ${from} to ${to}`,
  );

const credential = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,512}$/, 'must be visible ASCII characters without spaces'));

const service = 'must be a URL such as https://example.org, without a query';

/** Each field has the name of its environment variable, so that an error names what to fix. */
export const environment = z.object({
  PORT: z._default(wholeNumber(1, 65535), 3000),
  HOST: z._default(
    z.string().check(z.regex(/^[\w.:-]+$/, 'must be a host name or an IP address')),
    '127.0.0.1',
  ),
  PUBLIC_URL: z.optional(
    parsed(readOrigin, 'must be an origin such as https://app.example.org, without a path'),
  ),
  DATABASE_URL: z._default(
    parsed(readDatabase, 'must be file:PATH, mongodb://… or mongodb+srv://… with a database name'),
    {
      kind: 'libsql',
      path: './data/flowcept.db',
    },
  ),
  FLOWCEPT_KEYS: z.optional(
    parsed(readKeys, 'must be id:base64(32 random bytes), comma-separated, with unique ids'),
  ),
  SMTP_URL: z.optional(parsed(readSmtp, 'must be smtp://… or smtps://…')),
  MAIL_FROM: z.optional(
    parsed(readSender, 'must be an email address such as Example <no-reply@example.org>'),
  ),
  GOOGLE_CLIENT_ID: z.optional(credential),
  GOOGLE_CLIENT_SECRET: z.optional(credential),
  GOOGLE_ISSUER: z._default(parsed(readService, service), new URL('https://accounts.google.com')),
  GITHUB_CLIENT_ID: z.optional(credential),
  GITHUB_CLIENT_SECRET: z.optional(credential),
  GITHUB_URL: z._default(parsed(readService, service), new URL('https://github.com')),
  GITHUB_API_URL: z._default(parsed(readService, service), new URL('https://api.github.com')),
  TRUST_PROXY: z._default(wholeNumber(0, 10), 0),
  TLS_CERT: z.optional(z.string()),
  TLS_KEY: z.optional(z.string()),
  HTTP_REDIRECT_PORT: z.optional(wholeNumber(1, 65535)),
  SECURITY_CONTACT: z.optional(
    z
      .string()
      .check(
        z.regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be a mailto: or https: URL'),
      ),
  ),
  BCRYPT_COST: z._default(wholeNumber(10, 15), 12),
  PASSWORD_MIN_LENGTH: z._default(wholeNumber(8, 64), 15),
  CRON_SECRET: z.optional(
    z
      .string()
      .check(z.regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 to 512 visible ASCII characters')),
  ),
  LOG_LEVEL: z._default(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`), 'info'),
  RATE_LIMITS: z._default(z.enum(['on', 'off'], 'must be on or off'), 'on'),
});

export type Environment = z.infer<typeof environment>;

export type SettingName = keyof Environment;

export type DatabaseSetting = { kind: 'libsql'; path: string } | { kind: 'mongodb'; url: string };

function readOrigin(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.pathname === '/' && !url.search && !url.hash && !url.username ? url : null;
}

function readService(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  return !url.search && !url.hash && !url.username ? url : null;
}

function readDatabase(text: string): DatabaseSetting | null {
  const file = /^file:(.+)$/.exec(text)?.[1];
  if (file) return { kind: 'libsql', path: file };
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+(\?.*)?$/.test(text)
    ? { kind: 'mongodb', url: text }
    : null;
}

function readSmtp(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname ? url : null;
}

/**
 * A display name may contain every character, in quotes or not, because it is quoted anew in each email. Control
 * characters are refused: a line break could begin another header.
 */
function readSender(text: string): Sender | null {
  const [, named = '', bracketed, bare] = /^(?:(.*)<([^<>]+)>|([^<>]+))$/.exec(text) ?? [];
  const address = bracketed ?? bare ?? '';
  const isSender =
    !/\p{Cc}/u.test(text) && /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/.test(address);
  return isSender ? { name: unquoted(named.trim()), address } : null;
}

/** What a quoted string contains. RFC 5322 §3.2.4. */
function unquoted(text: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(text) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? text;
}

export function readKeys(text: string): KeyMaterial[] | null {
  const keys = text.split(',').map((entry) => {
    const [, id, encoded] = /^([\w-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(entry.trim()) ?? [];
    return id && encoded ? { id, key: Buffer.from(encoded, 'base64') } : null;
  });
  const whole = keys.filter(
    (key) => key !== null && key.key.length === 32 && new Set(key.key).size > 8,
  );
  const distinct = new Set(whole.map((key) => key?.id));
  return whole.length === keys.length && distinct.size === keys.length
    ? whole.filter((key) => key !== null)
    : null;
}
