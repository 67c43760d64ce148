import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newSigner } from '../../test/signing.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { openLibsqlStore } from '../store/libsql/open.ts';
import type { Store } from '../store/port.ts';
import { verifyJws } from './jws.ts';
import { makeKeyring } from './keyring.ts';
import { openSigningKey } from './signing-key.ts';

const ring = (fill: number) => makeKeyring([{ id: 'k', key: Buffer.alloc(32, fill) }]);
const keyring = ring(7);

let stores: Store[];
let store: Store;
beforeEach(async () => {
  const path = `${await temporaryDirectory()}/flowcept.db`;
  stores = await Promise.all(
    [1, 2, 3, 4].map(() => openLibsqlStore({ path, encryptionKey: 'ab'.repeat(32) })),
  );
  [store] = stores as [Store, ...Store[]];
  await store.prepare();
});
afterEach(() => Promise.all(stores.map((one) => one.close())));

describe('the signing key', () => {
  test('is the same in all processes that start on an empty database at once', async () => {
    const signers = await Promise.all(
      [...stores, ...stores].map((one) => openSigningKey({ store: one, keyring })),
    );
    expect(new Set(signers.map(({ publicKey }) => publicKey.kid)).size).toBe(1);
    const [one, other] = signers;
    expect(
      verifyJws(
        one?.sign('document', 1) ?? '',
        'document',
        other?.publicKey ?? newSigner().publicKey,
      ),
    ).toBe(1);
  });

  test('is stored encrypted, and does not open with other keys', async () => {
    await openSigningKey({ store, keyring });
    expect(await store.findSecret('signing-key')).toMatch(/^s1\.k\.[\w-]+$/);
    await expect(openSigningKey({ store, keyring: ring(8) })).rejects.toThrow(
      'FLOWCEPT_KEYS cannot decrypt the signing key',
    );
  });

  test('is not replaced if it has signed something before', async () => {
    await store.appendEntry({
      seq: 1,
      at: new Date(),
      checkpoint: true,
      jws: 'signed by a key that is gone',
    });
    await expect(openSigningKey({ store, keyring })).rejects.toThrow('The signing key is missing');
    expect(await store.findSecret('signing-key')).toBeNull();
  });
});
