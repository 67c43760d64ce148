import { createPrivateKey, sign, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newSigner } from '../../test/signing.ts';
import { makeSigner, publicKeyOf, SignatureBroken, verifyJws } from './jws.ts';

/** RFC 8037, appendices A.1 to A.4. */
const example = {
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
};
const pkcs8 = (d: string, x: string) =>
  createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' }).export({
    format: 'der',
    type: 'pkcs8',
  });
const signer = makeSigner(pkcs8(example.d, example.x));
const another = newSigner();
const doc = signer.sign('document', { says: 'ü' });

describe('a signed document', () => {
  test('has the key of RFC 8037 and its thumbprint', () => {
    expect(signer.publicKey).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: example.x,
      kid: example.thumbprint,
      alg: 'EdDSA',
      use: 'sig',
    });
    expect(publicKeyOf(example.x)).toEqual(signer.publicKey);
  });

  test('is accepted by another implementation', async () => {
    const key = await webcrypto.subtle.importKey(
      'jwk',
      { kty: 'OKP', crv: 'Ed25519', x: example.x },
      'Ed25519',
      false,
      ['verify'],
    );
    const [header, payload, signature = ''] = doc.split('.');
    expect(
      await webcrypto.subtle.verify(
        'Ed25519',
        key,
        Buffer.from(signature, 'base64url'),
        Buffer.from(`${header}.${payload}`),
      ),
    ).toBe(true);
  });

  test('returns its payload to the right key and type', () => {
    expect(verifyJws(doc, 'document', signer.publicKey)).toEqual({ says: 'ü' });
    expect(() => verifyJws(doc, 'link', signer.publicKey)).toThrow('not signed as link');
    expect(() => verifyJws(doc, 'document', another.publicKey)).toThrow(
      `by the key ${another.publicKey.kid}`,
    );
  });

  test('is rejected if another key signed it under the same name', () => {
    const forged = another.sign('document', { says: 'no' });
    const [, payload, signature] = forged.split('.');
    expect(() =>
      verifyJws(`${doc.split('.')[0]}.${payload}.${signature}`, 'document', signer.publicKey),
    ).toThrow('does not fit');
  });

  test.each(['none', 'HS256', 'ES256', ''])('with the algorithm “%s” is rejected', (alg) => {
    const header = Buffer.from(
      JSON.stringify({ alg, kid: example.thumbprint, typ: 'document' }),
    ).toString('base64url');
    const [, payload, signature] = doc.split('.');
    for (const end of [signature, ''])
      expect(() => verifyJws(`${header}.${payload}.${end}`, 'document', signer.publicKey)).toThrow(
        SignatureBroken,
      );
  });

  test.each<[what: string, header: object]>([
    ['asks for what it has not', { crit: ['exp'], exp: 0 }],
    ['leaves its payload uncoded (RFC 7797)', { crit: ['b64'], b64: false }],
    ['brings its own key', { jwk: another.publicKey }],
  ])('that %s is rejected, though its key signed it', (_, more) => {
    const header = { alg: 'EdDSA', kid: example.thumbprint, typ: 'document' };
    const signWith = (each: object) => {
      const signed = `${Buffer.from(JSON.stringify(each)).toString('base64url')}.${doc.split('.')[1]}`;
      const key = createPrivateKey({
        key: pkcs8(example.d, example.x),
        format: 'der',
        type: 'pkcs8',
      });
      return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
    };
    expect(signWith(header)).toBe(doc);
    expect(() => verifyJws(signWith({ ...header, ...more }), 'document', signer.publicKey)).toThrow(
      SignatureBroken,
    );
  });

  test('with any character changed, added or removed is rejected', () => {
    const change = fc.tuple(
      fc.nat(doc.length - 1),
      fc.constantFrom(...'Ab9-_.=+ '),
      fc.constantFrom('change', 'add', 'take'),
    );
    fc.assert(
      fc.property(change, ([at, letter, how]) => {
        const changed = `${doc.slice(0, at)}${how === 'take' ? '' : letter}${doc.slice(how === 'add' ? at : at + 1)}`;
        fc.pre(changed !== doc);
        expect(() => verifyJws(changed, 'document', signer.publicKey)).toThrow(SignatureBroken);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['', '.', '..', 'a.b.c', `${doc}.`, `${doc}.${doc}`])('is not “%s”', (text) => {
    expect(() => verifyJws(text, 'document', signer.publicKey)).toThrow(SignatureBroken);
  });
});
