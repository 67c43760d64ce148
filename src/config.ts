import {
  type KeyMaterial,
  environment,
  type Environment,
  type Sender,
  type SettingName,
  type DatabaseSetting,
} from './environment.ts';

/** The server cannot start. Each line describes one fault and names the setting or file. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/**
 * Where the value of a setting comes from. `sandbox`: it was not set, so sandbox mode provides the mailbox, a mock
 * provider or a generated file.
 */
type Origin = 'environment' | 'default' | 'sandbox';
export type MailSetting =
  | { kind: 'sandbox' }
  | { kind: 'smtp'; url: string; from: Sender; mayBePlain: boolean };

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
  logLevel: Environment['LOG_LEVEL'];
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
          from: env.MAIL_FROM ?? { name: 'Flowcept', address: `no-reply@${publicUrl.hostname}` },
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

function isSafeService({ protocol, hostname }: URL, loopback: boolean): boolean {
  return protocol === 'https:' || (loopback && isLoopbackName(hostname));
}
