import type { Config } from '../../config.ts';
import type { Keyring } from '../../crypto/keyring.ts';

/** Shorter values are not secrets, and would match anywhere. */
const minLength = 12;

/** The secrets of this deployment, from any source: keys, passwords in connection strings, client secrets, tokens. */
export function ownSecrets(config: Config, { keys }: Keyring, pepper: Buffer): string[] {
  const found = [
    ...keys.flatMap(({ key }) => inBytes(key)),
    ...inBytes(pepper),
    ...secretsIn(config, ''),
  ];
  return [...new Set(found)].filter((secret) => secret.length >= minLength);
}

function secretsIn(value: unknown, name: string): string[] {
  if (value instanceof URL) return passwordsIn(value.href);
  if (Buffer.isBuffer(value)) return inBytes(value);
  if (typeof value === 'string')
    return [...(/secret|token|password/i.test(name) ? [value] : []), ...passwordsIn(value)];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([member, one]) => secretsIn(one, member))
    : [];
}

function passwordsIn(text: string): string[] {
  const [, password] = /^[a-z][a-z+]*:\/\/[^/@:]*:([^/@]+)@/i.exec(text) ?? [];
  return password === undefined ? [] : [password, decodeURIComponent(password)];
}

function inBytes(bytes: Buffer): string[] {
  return [
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
