import { once } from 'node:events';
import {
  connect,
  createServer,
  type ConnectionOptions,
  type PeerCertificate,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import { day } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { Inconclusive } from './exchange.ts';
import { offerSuites, type SuiteAnswer } from './suite-offer.ts';

/** Result of a handshake that offered one TLS version only. */
export interface Handshake {
  agreed: boolean;
  /** The certificate that was presented; `null` if the handshake failed. */
  certificate: { daysLeft: number; trusted: boolean } | null;
}

export interface TlsProbe {
  /** @throws Inconclusive if the server does not respond, or if the failure is on our side */
  handshake(version: SecureVersion): Promise<Handshake>;
  /** The same with a local server that speaks only TLS 1.0, which shows that the probe can offer old versions. */
  handshakeWithOldServer(version: SecureVersion): Promise<Handshake>;
  /** @throws Inconclusive if the server does not respond, or not in TLS */
  offerSuites(suites: readonly number[]): Promise<SuiteAnswer>;
}

const timeoutMs = 5_000;
/**
 * Level 0 permits what libraries have long disabled. Without it the probe would refuse on our side, and the failure
 * would be attributed to the server.
 */
const everything = 'ALL:@SECLEVEL=0';
const sharedKey = Buffer.from('known to both sides');

export function makeTlsProbe({
  publicUrl,
  loopback,
  host,
  port,
}: Pick<Config, 'publicUrl' | 'loopback' | 'host' | 'port'>): TlsProbe {
  const here = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  const there = loopback
    ? { host: here, port }
    : { host: publicUrl.hostname, port: Number(publicUrl.port || 443) };
  const servername = publicUrl.hostname;
  return {
    offerSuites: (suites) => offerSuites({ ...there, servername }, suites),
    handshake: (version) => shakeHands({ ...there, servername }, version),
    async handshakeWithOldServer(version) {
      const server = createServer(
        {
          ciphers: everything,
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1',
          pskCallback: () => sharedKey,
        },
        (socket) => socket.end(),
      );
      server.on('tlsClientError', () => {});
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const own = typeof address === 'object' && address ? address.port : 0;
      return shakeHands({ host: '127.0.0.1', port: own }, version).finally(() => server.close());
    },
  };
}

function shakeHands(target: ConnectionOptions, version: SecureVersion): Promise<Handshake> {
  const options: ConnectionOptions = {
    ...target,
    minVersion: version,
    maxVersion: version,
    ciphers: version === 'TLSv1.3' ? undefined : everything,
    rejectUnauthorized: false,
    pskCallback: () => ({ psk: sharedKey, identity: 'probe' }),
  };
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    const end = (answer: () => void) => {
      clearTimeout(deadline);
      answer();
      socket.destroy();
    };
    socket.once('secureConnect', () =>
      end(() => resolve({ agreed: true, certificate: certificateOf(socket) })),
    );
    const deadline = setTimeout(
      () =>
        end(() =>
          reject(new Inconclusive('The TLS handshake did not finish within five seconds.')),
        ),
      timeoutMs,
    );
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(() =>
        isRefused(error)
          ? resolve({ agreed: false, certificate: null })
          : reject(new Inconclusive(`The TLS handshake failed (${error.code}).`)),
      ),
    );
  });
}

/** Whether the server refused, by a TLS alert or by closing the connection. Any other error may be on our side. */
function isRefused({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.includes('ALERT') || code === 'ECONNRESET' || code === 'EPROTO';
}

function certificateOf(socket: TLSSocket): Handshake['certificate'] {
  // Null or empty without a certificate, which the types omit.
  const shown: Partial<PeerCertificate> | null = socket.getPeerCertificate();
  const until = shown?.valid_to;
  return until
    ? { daysLeft: Math.floor((Date.parse(until) - Date.now()) / day), trusted: socket.authorized }
    : null;
}
