import { randomBytes } from 'node:crypto';
import { StartRefused } from '../config.ts';
import type { Store } from '../store/port.ts';
import type { Keyring } from './keyring.ts';
import { open, seal, SealBroken } from './seal.ts';

const place = 'secret:pepper';

/**
 * Opens the deployment’s pepper: 32 bytes, created on the first start and stored sealed. It never changes; rotating the
 * keyring re-seals it and changes no hash.
 * @throws StartRefused when there are accounts but no pepper, or none that this keyring opens
 */
export async function openPepper({
  store,
  keyring,
}: {
  store: Store;
  keyring: Keyring;
}): Promise<Buffer> {
  const sealed = (await store.findSecret('pepper')) ?? (await makePepper({ store, keyring }));
  try {
    return Buffer.from(open(keyring, place, sealed), 'base64url');
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new StartRefused([
      'FLOWCEPT_KEYS cannot decrypt the password pepper of this database. Start with the keyring it was created with.',
    ]);
  }
}

async function makePepper({ store, keyring }: { store: Store; keyring: Keyring }) {
  if ((await store.countAccounts()) > 0) {
    throw new StartRefused([
      'The password pepper is missing from a database that holds accounts. Restore it from a backup.',
    ]);
  }
  return store.keepSecret('pepper', seal(keyring, place, randomBytes(32).toString('base64url')));
}
