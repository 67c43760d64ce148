import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A browser and a security key in software: WebAuthn Level 3, ES256, attestation `none`. */
export interface Ceremony {
  challenge: string;
  origin: string;
  /** Deviations from an honest authenticator. */
  lie?: {
    type?: string;
    crossOrigin?: boolean;
    rpId?: string;
    userHandle?: string;
    counter?: number;
    flags?: number;
    /** The format of an attestation that was not asked for; `packed` is signed with the passkey’s own key. */
    format?: string;
    /** The certificates of that attestation, in CBOR. */
    x5c?: Buffer;
  };
}

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

export class Authenticator {
  readonly id = randomBytes(32);
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  userHandle = '';
  counter = 0;

  /** Answers `options` of a registration. */
  create(options: { user: { id: string } }, ceremony: Ceremony) {
    this.userHandle = options.user.id;
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      this.#coseKey(),
    ]);
    const authData = Buffer.concat([
      this.#authenticatorData(ceremony, present | verified | attested),
      credential,
    ]);
    const client = clientData('webauthn.create', ceremony);
    const format = ceremony.lie?.format ?? 'none';
    const signature = sign(
      'sha256',
      Buffer.concat([authData, sha256(client)]),
      this.#key.privateKey,
    );
    const certificates: [Buffer, Buffer][] = ceremony.lie?.x5c
      ? [[cborText('x5c'), ceremony.lie.x5c]]
      : [];
    const statement = cborMap([
      [cborText('alg'), Buffer.from([0x26])],
      [cborText('sig'), cborBytes(signature)],
      ...certificates,
    ]);
    const attestationObject = cborMap([
      [cborText('fmt'), cborText(format)],
      [cborText('attStmt'), format === 'none' ? cborMap([]) : statement],
      [cborText('authData'), cborBytes(authData)],
    ]);
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** Answers `options` of an authentication. */
  get(ceremony: Ceremony) {
    const client = clientData('webauthn.get', ceremony);
    const authenticatorData = this.#authenticatorData(ceremony, present | verified);
    const signature = sign(
      'sha256',
      Buffer.concat([authenticatorData, sha256(client)]),
      this.#key.privateKey,
    );
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: ceremony.lie?.userHandle ?? this.userHandle,
    });
  }

  #credential<Response>(response: Response) {
    const id = this.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
      response,
    };
  }

  #authenticatorData({ origin, lie }: Ceremony, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lie?.counter ?? this.counter);
    return Buffer.concat([
      sha256(lie?.rpId ?? new URL(origin).hostname),
      Buffer.from([lie?.flags ?? flags]),
      counter,
    ]);
  }

  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
    const coordinate = (value: string) => cborBytes(Buffer.from(value, 'base64url'));
    // kty EC2, alg ES256, crv P-256; RFC 9053.
    return cborMap([
      [Buffer.from([0x01]), Buffer.from([0x02])],
      [Buffer.from([0x03]), Buffer.from([0x26])],
      [Buffer.from([0x20]), Buffer.from([0x01])],
      [Buffer.from([0x21]), coordinate(x)],
      [Buffer.from([0x22]), coordinate(y)],
    ]);
  }
}

function clientData(type: string, { challenge, origin, lie }: Ceremony): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: lie?.type ?? type,
      challenge,
      origin,
      crossOrigin: lie?.crossOrigin ?? false,
    }),
  );
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** RFC 8949, as far as needed here. */
function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return length < 256
    ? Buffer.from([(major << 5) | 24, length])
    : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}
const cborText = (text: string): Buffer =>
  Buffer.concat([cborHead(3, text.length), Buffer.from(text)]);
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborMap = (entries: [Buffer, Buffer][]): Buffer =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
