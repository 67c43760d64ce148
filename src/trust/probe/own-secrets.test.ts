import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { makeKeyring } from '../../crypto/keyring.ts';
import { ownSecrets } from './own-secrets.ts';

test('the secret scan knows every key of the ring, and the pepper, in each way to write them', () => {
  const keys = ['k2', 'k1', 'k0'].map((id) => ({ id, key: randomBytes(32) }));
  const pepper = randomBytes(32);
  const secrets = ownSecrets(readConfig({}), makeKeyring(keys), pepper);
  for (const bytes of [...keys.map(({ key }) => key), pepper])
    expect(secrets).toEqual(
      expect.arrayContaining([
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ]),
    );
});
