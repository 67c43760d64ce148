import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { StartRefused } from '../config.ts';
import { codeOf } from '../system-error.ts';

/** Of TLS 1.2 only what has forward secrecy and authenticated encryption; TLS 1.3 has nothing else. ASVS 12.1.2. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/**
 * Reads certificate and private key, and says which protocols are spoken with them.
 * @throws StartRefused naming the setting whose file cannot be used
 */
export async function readTls({ cert, key }: { cert: string; key: string }) {
  const files = { cert: await readNamed('TLS_CERT', cert), key: await readNamed('TLS_KEY', key) };
  const certificate = readCertificate(cert, files.cert);
  if (!certificate.checkPrivateKey(readKey(key, files.key)))
    refuse(`TLS_KEY ${key} is not the key of the certificate in TLS_CERT ${cert}.`);
  const options = { ...files, minVersion: 'TLSv1.2' as const, ciphers };
  try {
    createSecureContext(options);
  } catch (error) {
    refuse(`TLS_CERT ${cert} cannot be used with TLS_KEY ${key} (${codeOf(error)}).`);
  }
  return options;
}

async function readNamed(name: string, file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) =>
    refuse(`${name} ${file} cannot be read (${codeOf(error)}).`),
  );
}

function readCertificate(file: string, content: Buffer): X509Certificate {
  const text = content.toString('latin1');
  if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text))
    refuse(
      text.includes('PRIVATE KEY-----')
        ? `TLS_CERT ${file} holds a private key. The certificate belongs here, and the key in TLS_KEY.`
        : `TLS_CERT ${file} is not a certificate in PEM format.`,
    );
  try {
    return new X509Certificate(content);
  } catch {
    return refuse(`TLS_CERT ${file} is not a certificate in PEM format.`);
  }
}

function readKey(file: string, content: Buffer): KeyObject {
  const text = content.toString('latin1');
  if (/-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text))
    refuse(`TLS_KEY ${file} is encrypted, and no setting takes its passphrase. Decrypt it first.`);
  try {
    return createPrivateKey({ key: content, format: 'pem' });
  } catch {
    return refuse(`TLS_KEY ${file} is not a private key in PEM format.`);
  }
}

function refuse(line: string): never {
  throw new StartRefused([line]);
}
