import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type JsonWebKey,
} from 'node:crypto';

/** An Ed25519 public key as a JWK. RFC 7517 §4, RFC 8037 §2. */
export interface PublicKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  /** The key’s thumbprint, so that no other key can have the same ID. RFC 7638. */
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}

export interface Signer {
  publicKey: PublicKey;
  /** Returns a compact JWS. A payload signed with one type never verifies as another. RFC 7515 §3.1, RFC 8725 §3.11. */
  sign(type: string, payload: unknown): string;
}

/** The input is not a JWS of this type, signed with this key. */
export class SignatureBroken extends Error {
  override readonly name = 'SignatureBroken';
}

/** Creates a signer from a private key in DER-encoded PKCS#8. */
export function makeSigner(pkcs8: Buffer): Signer {
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const publicKey = publicKeyOf(String(createPublicKey(key).export({ format: 'jwk' }).x));
  return {
    publicKey,
    sign(type, payload) {
      const signed = `${headerOf(type, publicKey.kid)}.${encode(payload)}`;
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
    },
  };
}

/** Builds the public key from its x coordinate. The key ID is computed, never taken from input. */
export function publicKeyOf(x: string): PublicKey {
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

/**
 * Returns the payload if this key signed it with this type.
 * @throws SignatureBroken
 */
export function verifyJws(jws: string, type: string, { x, kid }: PublicKey): unknown {
  const [header, payload, signature = '', ...more] = jws.split('.');
  // The header is compared, not parsed, so it cannot influence verification.
  if (more.length > 0 || header !== headerOf(type, kid))
    throw new SignatureBroken(`It is not signed as ${type} by the key ${kid}.`);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x } satisfies JsonWebKey,
    format: 'jwk',
  });
  const bytes = Buffer.from(signature, 'base64url');
  // Only the canonical encoding of a signature is accepted, so that a document has one hash.
  const isSigned =
    bytes.toString('base64url') === signature &&
    verify(null, Buffer.from(`${header}.${payload}`), key, bytes);
  if (!isSigned) throw new SignatureBroken('Its signature does not fit.');
  return payloadOf(jws);
}

/**
 * Returns the payload without verifying the signature.
 * @throws SignatureBroken when there is no payload
 */
export function payloadOf(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch (cause) {
    throw new SignatureBroken('This is no JWS.', { cause });
  }
}

function headerOf(type: string, kid: string): string {
  return encode({ alg: 'EdDSA', kid, typ: type });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
