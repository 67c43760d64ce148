import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type JsonWebKey,
} from 'node:crypto';

/** An Ed25519 key as everybody may know it. RFC 7517 §4, RFC 8037 §2. */
export interface PublicKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  /** Its own thumbprint, so that nobody gives another key this name. RFC 7638. */
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}

export interface Signer {
  publicKey: PublicKey;
  /** A compact JWS. What is signed as one type is never taken for another. RFC 7515 §3.1, RFC 8725 §3.11. */
  sign(type: string, payload: unknown): string;
}

/** Not a JWS of this type by this key. */
export class SignatureBroken extends Error {
  override readonly name = 'SignatureBroken';
}

/** `pkcs8`: the private key, DER. */
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

/** From its one coordinate; the name is worked out, never believed. */
export function publicKeyOf(x: string): PublicKey {
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}

/** The payload, if this key signed it as this type. @throws SignatureBroken */
export function verifyJws(jws: string, type: string, { x, kid }: PublicKey): unknown {
  const [header, payload, signature = '', ...more] = jws.split('.');
  // Nothing of the header is read, so nothing in it chooses how the rest is.
  if (more.length > 0 || header !== headerOf(type, kid))
    throw new SignatureBroken(`It is not signed as ${type} by the key ${kid}.`);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x } satisfies JsonWebKey,
    format: 'jwk',
  });
  const bytes = Buffer.from(signature, 'base64url');
  // Of the ways to write the same signature one is taken, so that a document has one hash.
  const isSigned =
    bytes.toString('base64url') === signature &&
    verify(null, Buffer.from(`${header}.${payload}`), key, bytes);
  if (!isSigned) throw new SignatureBroken('Its signature does not fit.');
  return payloadOf(jws);
}

/** The payload, whoever wrote it. @throws SignatureBroken when it is none */
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
