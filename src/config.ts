import { z } from 'zod/mini';

/** The server cannot start. Each line describes one fault and names the setting or file. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export interface KeyMaterial {
  id: string;
  key: Buffer;
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
const environment = z.object({
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
    z
      .string()
      .check(
        z.regex(
          /^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/,
          'must be an email address such as Example <no-reply@example.org>',
        ),
      ),
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

type Environment = z.infer<typeof environment>;
export type SettingName = keyof Environment;
/**
 * Where the value of a setting comes from. `sandbox`: it was not set, so sandbox mode provides the mailbox, a mock
 * provider or a generated file.
 */
type Origin = 'environment' | 'default' | 'sandbox';
export type DatabaseSetting = { kind: 'libsql'; path: string } | { kind: 'mongodb'; url: string };
export type MailSetting =
  | { kind: 'sandbox' }
  | { kind: 'smtp'; url: string; from: string; mayBePlain: boolean };

/** Client credentials at a sign-in provider. `sandbox`: the provider is our own mock. */
interface Credentials {
  clientId: string;
  clientSecret: string;
  sandbox: boolean;
}
export type GoogleSetting = Credentials & { issuer: URL };
export type GithubSetting = Credentials & { url: URL; apiUrl: URL };

export interface Config {
  host: string;
  port: number;
  /** The public URL: scheme, host and port, without a trailing slash. Never taken from a request. */
  origin: string;
  publicUrl: URL;
  /** Whether the origin is `https:`. Cookies are then `Secure` and have the `__Host-` prefix. */
  secure: boolean;
  loopback: boolean;
  database: DatabaseSetting;
  /** `null`: generated once, in a file beside the data. */
  keys: readonly KeyMaterial[] | null;
  mail: MailSetting;
  /** `null`: users cannot sign in with this provider. */
  google: GoogleSetting | null;
  github: GithubSetting | null;
  trustProxy: number;
  tls: { cert: string; key: string; redirectPort: number | null } | null;
  securityContact: string | null;
  bcryptCost: number;
  passwordMinLength: number;
  cronSecret: string | null;
  logLevel: (typeof logLevels)[number];
  rateLimits: boolean;
  origins: Readonly<Record<SettingName, Origin>>;
}

/**
 * Reads the configuration from environment variables.
 * @throws StartRefused with one line per fault, at most five. No line contains the value of a secret.
 */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environment.safeParse(given);
  if (!result.success)
    throw new StartRefused(
      result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).slice(0, 5),
    );
  const config = assemble(result.data, given);
  const faults = conflicts(result.data, config);
  if (faults.length > 0) throw new StartRefused(faults.slice(0, 5));
  return config;
}

function originsOf(
  { SMTP_URL, FLOWCEPT_KEYS }: Environment,
  given: object,
): Record<SettingName, Origin> {
  const sandbox: Partial<Record<SettingName, boolean>> = {
    FLOWCEPT_KEYS: !FLOWCEPT_KEYS,
    SMTP_URL: !SMTP_URL,
  };
  const originOf = (name: SettingName): Origin =>
    Object.hasOwn(given, name) ? 'environment' : sandbox[name] ? 'sandbox' : 'default';
  return mapSettings(originOf);
}

/** Maps every setting name to a value. */
export function mapSettings<Value>(of: (name: SettingName) => Value): Record<SettingName, Value> {
  const names = Object.keys(environment.shape) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<SettingName, Value>;
}

function assemble(env: Environment, given: object): Config {
  const publicUrl = env.PUBLIC_URL ?? new URL(`http://localhost:${env.PORT}`);
  const loopback = isLoopbackName(publicUrl.hostname);
  return {
    host: env.HOST,
    port: env.PORT,
    origin: publicUrl.origin,
    publicUrl,
    secure: publicUrl.protocol === 'https:',
    loopback,
    database: env.DATABASE_URL,
    keys: env.FLOWCEPT_KEYS ?? null,
    mail: env.SMTP_URL
      ? {
          kind: 'smtp',
          url: env.SMTP_URL.href,
          from: env.MAIL_FROM ?? `Flowcept <no-reply@${publicUrl.hostname}>`,
          mayBePlain: isLoopbackName(env.SMTP_URL.hostname),
        }
      : { kind: 'sandbox' },
    google: googleOf(env, publicUrl, loopback),
    github: githubOf(env, publicUrl, loopback),
    trustProxy: env.TRUST_PROXY,
    tls:
      env.TLS_CERT && env.TLS_KEY
        ? { cert: env.TLS_CERT, key: env.TLS_KEY, redirectPort: env.HTTP_REDIRECT_PORT ?? null }
        : null,
    securityContact: env.SECURITY_CONTACT ?? null,
    bcryptCost: env.BCRYPT_COST,
    passwordMinLength: env.PASSWORD_MIN_LENGTH,
    cronSecret: env.CRON_SECRET ?? null,
    logLevel: env.LOG_LEVEL,
    rateLimits: env.RATE_LIMITS === 'on',
    origins: originsOf(env, given),
  };
}

const sandboxCredentials: Credentials = {
  clientId: 'sandbox',
  clientSecret: 'sandbox',
  sandbox: true,
};

export function sandboxGoogle({ origin }: { origin: string }): GoogleSetting {
  return { ...sandboxCredentials, issuer: new URL(`${origin}/sandbox/google`) };
}

export function sandboxGithub({ origin }: { origin: string }): GithubSetting {
  return {
    ...sandboxCredentials,
    url: new URL(`${origin}/sandbox/github`),
    apiUrl: new URL(`${origin}/sandbox/github/api`),
  };
}

function googleOf(
  {
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_ISSUER: issuer,
  }: Environment,
  publicUrl: URL,
  loopback: boolean,
): GoogleSetting | null {
  if (clientId && clientSecret) return { clientId, clientSecret, sandbox: false, issuer };
  return loopback ? sandboxGoogle(publicUrl) : null;
}

function githubOf(
  {
    GITHUB_CLIENT_ID: clientId,
    GITHUB_CLIENT_SECRET: clientSecret,
    GITHUB_URL: url,
    GITHUB_API_URL: apiUrl,
  }: Environment,
  publicUrl: URL,
  loopback: boolean,
): GithubSetting | null {
  if (clientId && clientSecret) return { clientId, clientSecret, sandbox: false, url, apiUrl };
  return loopback ? sandboxGithub(publicUrl) : null;
}

/** Checks combinations of settings. The schema above checks each setting alone. */
function conflicts(env: Environment, config: Config): string[] {
  const rules: [boolean, string][] = [
    [
      !config.loopback && !config.secure,
      'PUBLIC_URL must be https: unless it is a loopback address.',
    ],
    [
      !config.loopback && !config.keys,
      "FLOWCEPT_KEYS is missing. Generate one: node -p \"'k1:' + crypto.randomBytes(32).toString('base64')\"",
    ],
    [
      !config.loopback && config.mail.kind === 'sandbox',
      'SMTP_URL is missing: users verify their email address by email.',
    ],
    [
      !config.loopback && config.mail.kind === 'smtp' && !env.MAIL_FROM,
      'MAIL_FROM is missing: email needs a sender.',
    ],
    [
      !config.loopback && !config.rateLimits,
      'RATE_LIMITS=off is only for load tests on a loopback address.',
    ],
    [
      Boolean(env.GOOGLE_CLIENT_ID) !== Boolean(env.GOOGLE_CLIENT_SECRET),
      'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET must be set together.',
    ],
    [
      Boolean(env.GITHUB_CLIENT_ID) !== Boolean(env.GITHUB_CLIENT_SECRET),
      'GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET must be set together.',
    ],
    ...(['GOOGLE_ISSUER', 'GITHUB_URL', 'GITHUB_API_URL'] as const).map(
      (name): [boolean, string] => [
        !isSafeService(env[name], config.loopback),
        `${name} must be https: unless it and PUBLIC_URL are both loopback.`,
      ],
    ),
    [Boolean(env.TLS_CERT) !== Boolean(env.TLS_KEY), 'TLS_CERT and TLS_KEY must be set together.'],
    [config.tls !== null && !config.secure, 'PUBLIC_URL must be https: when TLS_CERT is set.'],
    [
      env.HTTP_REDIRECT_PORT !== undefined && config.tls === null,
      'HTTP_REDIRECT_PORT requires TLS_CERT and TLS_KEY.',
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, line]) => line);
}

/** Whether this is `localhost`, a subdomain of it, in 127.0.0.0/8, or ::1. RFC 6761 §6.3. */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

function readOrigin(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  return url.pathname === '/' && !url.search && !url.hash && !url.username ? url : null;
}

function isSafeService({ protocol, hostname }: URL, loopback: boolean): boolean {
  return protocol === 'https:' || (loopback && isLoopbackName(hostname));
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
