import { generateKeyPairSync } from 'node:crypto';
import { makeSigner, type Signer } from '../src/crypto/jws.ts';

/** A new key. */
export function newSigner(): Signer {
  return makeSigner(
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }),
  );
}
