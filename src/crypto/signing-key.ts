import { generateKeyPairSync } from 'node:crypto';
import { StartRefused } from '../config.ts';
import type { Store } from '../store/port.ts';
import { makeSigner, type Signer } from './jws.ts';
import type { Keyring } from './keyring.ts';
import { open, seal, SealBroken } from './seal.ts';

const name = 'signing-key';
const place = `secret:${name}`;

/**
 * Opens the deployment’s Ed25519 signing key: shared by all processes, created on the first start and stored sealed. It
 * never changes. An attacker who can write to the database but does not have the keyring can neither read nor replace
 * it.
 * @throws StartRefused when there is an evidence log but no key, or none that this keyring opens
 */
export async function openSigningKey({
  store,
  keyring,
}: {
  store: Store;
  keyring: Keyring;
}): Promise<Signer> {
  const sealed = (await store.findSecret(name)) ?? (await makeKey({ store, keyring }));
  try {
    return makeSigner(Buffer.from(open(keyring, place, sealed), 'base64url'));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new StartRefused([
      'FLOWCEPT_KEYS cannot decrypt the signing key of this database. Start with the keyring it was created with.',
    ]);
  }
}

async function makeKey({ store, keyring }: { store: Store; keyring: Keyring }) {
  if ((await store.newestEntry()) !== null) {
    throw new StartRefused([
      'The signing key is missing from a database that holds signed records. Restore it from a backup.',
    ]);
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  return store.keepSecret(
    name,
    seal(keyring, place, privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')),
  );
}
