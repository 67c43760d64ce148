import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { Inconclusive } from './exchange.ts';

/** The reply to a handshake of TLS 1.2 that offered certain cipher suites only. */
export interface SuiteAnswer {
  /** The number of the suite that the server chose; `null` if it rejected all. */
  chosen: number | null;
  /** The description of the alert by which it rejected them; `null` if it closed the connection. RFC 5246 §7.2. */
  alert: number | null;
}

/** The alert of a server that does not support the offered version of TLS. */
export const protocolVersion = 70;

interface Target {
  host: string;
  port: number;
  servername: string;
}

const timeoutMs = 5_000;
/** More than what precedes the chosen suite. */
const maxBytes = 1_024;

/**
 * Offers these suites only and reads what the server chose. The message is written here, because a TLS library offers
 * only suites that it supports itself. A rejection of any other suite would be on our side.
 * @throws Inconclusive if the server does not respond, or not in TLS
 */
export async function offerSuites(
  { host, port, servername }: Target,
  suites: readonly number[],
): Promise<SuiteAnswer> {
  const socket = connect({ host, port });
  const deadline = setTimeout(
    () => socket.destroy(new Inconclusive('The TLS handshake did not finish within five seconds.')),
    timeoutMs,
  );
  try {
    await once(socket, 'connect');
    socket.write(clientHello(suites, servername));
    return await firstAnswer(socket);
  } catch (error) {
    return rejectionBy(error);
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}

async function firstAnswer(chunks: AsyncIterable<Buffer>): Promise<SuiteAnswer> {
  let received = Buffer.alloc(0);
  for await (const chunk of chunks) {
    received = Buffer.concat([received, chunk]).subarray(0, maxBytes);
    const answer = readAnswer(received);
    if (answer) return answer;
    if (received.length === maxBytes)
      throw new Inconclusive('The server did not finish its first TLS message.');
  }
  return { chosen: null, alert: null };
}

function rejectionBy(error: unknown): SuiteAnswer {
  if (error instanceof Inconclusive) throw error;
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
  if (code === 'ECONNRESET') return { chosen: null, alert: null };
  throw new Inconclusive(`The TLS handshake failed (${String(code)}).`);
}

const [alertRecord, handshakeRecord, serverHello] = [21, 22, 2];
const warning = 1;
/** Length of a record with one alert, and where the session ID of a ServerHello begins. RFC 5246 §6.2.1, §7.4.1.3. */
const [alertLength, sessionIdAt] = [7, 43];

/** Reads the first answer of a server; `null` until enough bytes have arrived. */
export function readAnswer(bytes: Buffer): SuiteAnswer | null {
  if (bytes.length < alertLength) return null;
  const [type, , , , , first, description = 0] = bytes;
  if (type === alertRecord)
    return first === warning && description !== 0
      ? readAnswer(bytes.subarray(alertLength))
      : { chosen: null, alert: description };
  if (type !== handshakeRecord || first !== serverHello)
    throw new Inconclusive('The server did not respond in TLS.');
  const suiteAt = sessionIdAt + 1 + (bytes[sessionIdAt] ?? 0);
  return bytes.length < suiteAt + 2 ? null : { chosen: bytes.readUInt16BE(suiteAt), alert: null };
}

/** A ClientHello of TLS 1.2. RFC 5246 §7.4.1.2. */
function clientHello(suites: readonly number[], servername: string): Buffer {
  const body = Buffer.concat([
    numbers(0x0303),
    crypto.getRandomValues(Buffer.alloc(32)),
    Buffer.from([0]),
    sized(2, numbers(...suites)),
    // Compression: none.
    Buffer.from([1, 0]),
    sized(2, ...extensions(servername)),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  return Buffer.concat([Buffer.from([handshakeRecord]), numbers(0x0301), sized(2, message)]);
}

/** X25519, P-256, P-384 and P-521. RFC 8422 §5.1.1. */
const groups = [0x001d, 0x0017, 0x0018, 0x0019];
/** ECDSA, Ed25519, RSA-PSS and RSA; with SHA-1 last, for servers that know nothing newer. RFC 8446 §4.2.3. */
const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201,
];

function extensions(servername: string): Buffer[] {
  const name = sized(2, Buffer.from([0]), sized(2, Buffer.from(servername)));
  const all: [number, Buffer][] = [
    [10, sized(2, numbers(...groups))],
    // Points are not compressed.
    [11, sized(1, Buffer.from([0]))],
    [13, sized(2, numbers(...signatures))],
    // Extended master secret, and secure renegotiation. RFC 7627, RFC 5746.
    [23, Buffer.alloc(0)],
    [0xff01, sized(1)],
  ];
  if (isIP(servername) === 0) all.unshift([0, name]);
  return all.map(([type, content]) => Buffer.concat([numbers(type), sized(2, content)]));
}

function numbers(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));
}

/** The parts, after their length in this many bytes. */
function sized(bytes: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}
