import type { SettingItem } from '../api/operators.ts';
import { mapSettings, type Config } from '../config.ts';
import type { Sender, SettingName } from '../environment.ts';

type Shown = string | number | null;
interface Setting {
  value: (config: Config) => Shown;
  /** Whether part of the value is always hidden. */
  redacted?: (config: Config) => boolean;
}

const onOrOff = (isOn: boolean) => (isOn ? 'on' : 'off');
const always = () => true;
/** The credentials of a mock provider are not settings. */
const own = <Credentials extends { sandbox: boolean }>(given: Credentials | null) =>
  given?.sandbox ? null : given;
const hidden = (secret: string | null) => secret && 'set';

/** How each setting is shown. A missing setting is a compile error. */
const settings: Record<SettingName, Setting> = {
  PORT: { value: ({ port }) => port },
  HOST: { value: ({ host }) => host },
  PUBLIC_URL: { value: ({ origin }) => origin },
  DATABASE_URL: {
    value: ({ database }) =>
      database.kind === 'libsql' ? `file:${database.path}` : withoutSecrets(database.url),
    redacted: ({ database }) => database.kind === 'mongodb',
  },
  FLOWCEPT_KEYS: {
    value: ({ keys }) => keys && keys.map(({ id }) => id).join(', '),
    redacted: always,
  },
  SMTP_URL: {
    value: ({ mail }) => (mail.kind === 'smtp' ? withoutSecrets(mail.url) : null),
    redacted: always,
  },
  MAIL_FROM: { value: ({ mail }) => (mail.kind === 'smtp' ? shownSender(mail.from) : null) },
  GOOGLE_CLIENT_ID: { value: ({ google }) => own(google)?.clientId ?? null },
  GOOGLE_CLIENT_SECRET: {
    value: ({ google }) => hidden(own(google)?.clientSecret ?? null),
    redacted: always,
  },
  GOOGLE_ISSUER: { value: ({ google }) => google && google.issuer.href },
  GITHUB_CLIENT_ID: { value: ({ github }) => own(github)?.clientId ?? null },
  GITHUB_CLIENT_SECRET: {
    value: ({ github }) => hidden(own(github)?.clientSecret ?? null),
    redacted: always,
  },
  GITHUB_URL: { value: ({ github }) => github && github.url.href },
  GITHUB_API_URL: { value: ({ github }) => github && github.apiUrl.href },
  TRUST_PROXY: { value: ({ trustProxy }) => trustProxy },
  TLS_CERT: { value: ({ tls }) => tls && tls.cert },
  TLS_KEY: { value: ({ tls }) => tls && tls.key },
  HTTP_REDIRECT_PORT: { value: ({ tls }) => tls && tls.redirectPort },
  SECURITY_CONTACT: { value: ({ securityContact }) => securityContact },
  BCRYPT_COST: { value: ({ bcryptCost }) => bcryptCost },
  PASSWORD_MIN_LENGTH: { value: ({ passwordMinLength }) => passwordMinLength },
  CRON_SECRET: { value: ({ cronSecret }) => hidden(cronSecret), redacted: always },
  LOG_LEVEL: { value: ({ logLevel }) => logLevel },
  RATE_LIMITS: { value: ({ rateLimits }) => onOrOff(rateLimits) },
};

function shownSender({ name, address }: Sender): string {
  return name === '' ? address : `${name} <${address}>`;
}

/** Returns the current configuration without its secrets. ASVS 13.3.1. */
export function settingsInForce(config: Config): SettingItem[] {
  const items = mapSettings((name): SettingItem => {
    const { value, redacted } = settings[name];
    const shown = value(config);
    return {
      name,
      value: shown === null ? null : String(shown),
      redacted: shown !== null && (redacted?.(config) ?? false),
      origin: config.origins[name],
    };
  });
  return Object.values(items);
}

/**
 * Returns a connection URL without user name, password and options, which may contain secrets; `null` if they cannot be
 * told from the rest.
 */
export function withoutSecrets(url: string): string | null {
  const [, scheme, authority = '', path = ''] = /^([\w+]+:\/\/)([^/]*)(\/[^?#]*)?/.exec(url) ?? [];
  // A password that contains a slash would end up in the path.
  if (scheme === undefined || path.includes('@')) return null;
  return `${scheme}${authority.slice(authority.lastIndexOf('@') + 1).replace(/[?#].*$/, '')}${path}`;
}
