import { generateKeyPairSync, sign } from 'node:crypto';

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const bits = (content: Buffer) => tagged(0x03, Buffer.from([0]), content);
const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const utcTime = (date: Date) =>
  tagged(
    0x17,
    Buffer.from(
      date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );

/** How keys of each kind are made, and the name of their signatures. RFC 5758 §3.2, RFC 8017 §A.2.4. */
const kinds = {
  ec: {
    pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    withSha256: sequence(oid('2a8648ce3d040302')),
  },
  rsa: {
    pair: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
    withSha256: sequence(oid('2a864886f70d01010b'), tagged(0x05)),
  },
};
const named = (name: string) =>
  sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(name)))));

/** A self-signed certificate for `localhost`, valid for this many days. RFC 5280 §4.1. */
export function selfSigned(
  days: number,
  kind: keyof typeof kinds = 'ec',
): { cert: string; key: string } {
  const { pair, withSha256 } = kinds[kind];
  const { publicKey, privateKey } = pair();
  const [from, until] = [
    new Date(Date.now() - 86_400_000),
    new Date(Date.now() + days * 86_400_000),
  ];
  const alternativeName = sequence(
    oid('551d11'),
    tagged(0x04, sequence(tagged(0x82, Buffer.from('localhost')))),
  );
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    withSha256,
    named('localhost'),
    sequence(utcTime(from), utcTime(until)),
    named('localhost'),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(alternativeName)),
  );
  const whole = sequence(body, withSha256, bits(sign('sha256', body, privateKey)));
  const lines = whole.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
