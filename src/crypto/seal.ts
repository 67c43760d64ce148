import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Sealed } from '../records.ts';
import type { Keyring } from './keyring.ts';

const version = 's1';
const nonceBytes = 12;
const tagBytes = 16;

/** The sealed value is malformed, was moved to another place, or its key is not in the keyring. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Encrypts with AES-256-GCM under the keyring’s current key (ASVS 11.3.3): `s1.KEYID.base64url(nonce ‖ tag ‖
 * ciphertext)`. `place` names the record and field. It is authenticated, so a value that was moved elsewhere does not
 * open.
 */
export function seal(keyring: Keyring, place: string, plaintext: string): Sealed {
  const { id, key } = keyring.current;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(id, place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const envelope = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
  return `${version}.${id}.${envelope}` as Sealed;
}

/** @throws SealBroken */
export function open(keyring: Keyring, place: string, sealed: string): string {
  const [given, id = '', envelope = ''] = sealed.split('.');
  const key = keyring.find(id);
  if (given !== version || !key)
    throw new SealBroken(`The key “${id}” of ${place} is not in the ring.`);
  const bytes = Buffer.from(envelope, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(associatedData(id, place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return (
      decipher.update(bytes.subarray(nonceBytes + tagBytes)).toString('utf8') +
      decipher.final('utf8')
    );
  } catch (cause) {
    throw new SealBroken(`${place} does not open with the key “${id}”.`, { cause });
  }
}

function associatedData(keyId: string, place: string): Buffer {
  return Buffer.from(`${version}\u0000${keyId}\u0000${place}`, 'utf8');
}
