import { once } from 'node:events';
import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../test/certificate.ts';
import { freePort } from '../test/free-port.ts';
import { copyOf, killedDeployment } from '../test/killed-deployment.ts';
import { expectRefusedStart } from '../test/refused-start.ts';
import { runFlowcept, serverProcesses, type Variables } from '../test/server-process.ts';

interface Place {
  folder: string;
  port: number;
  redirectPort: number;
}

interface SetUp {
  what: string;
  /** How the one line begins that `serve` prints. */
  line: RegExp;
  /** Breaks a copy of a deployment that was served before, and answers the variables to start it with. */
  broken(place: Place): Promise<Variables> | Variables;
}

const ownRing = { FLOWCEPT_KEYS: '' };
const certificate = selfSigned(90);
const other = selfSigned(90);
const der = Buffer.from(certificate.cert.replaceAll(/-----.*-----|\s/g, ''), 'base64');
const encryptedKey =
  '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGb\n-----END ENCRYPTED PRIVATE KEY-----\n';

async function overTls(
  { folder }: Place,
  { cert = certificate.cert, key = certificate.key }: { cert?: string | Buffer; key?: string },
): Promise<Variables> {
  const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
  await Promise.all([writeFile(files.TLS_CERT, cert), writeFile(files.TLS_KEY, key)]);
  return { ...ownRing, ...files, PUBLIC_URL: 'https://localhost' };
}

async function take(port: number, host: string): Promise<void> {
  const taken = createServer().listen(port, host);
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
}

const at = (path: string): Variables => ({ DATABASE_URL: `file:${path}` });

const setUps: readonly SetUp[] = [
  {
    what: 'a port that is none',
    line: /^PORT /,
    broken: () => ({ PORT: 'eighty' }),
  },
  {
    what: 'PORT in use',
    line: /^PORT \d+ is in use/,
    async broken({ port }) {
      await take(port, '127.0.0.1');
      return ownRing;
    },
  },
  {
    what: 'PORT in use on the other loopback address',
    line: /^PORT \d+ is in use by another process on ::1/,
    async broken({ port }) {
      await take(port, '::1');
      return ownRing;
    },
  },
  {
    what: 'a host that this machine does not have',
    line: /^HOST 192\.0\.2\.1 /,
    broken: () => ({ ...ownRing, HOST: '192.0.2.1' }),
  },
  {
    what: 'PORT in use beside a free port for redirects',
    line: /^PORT \d+ is in use/,
    async broken(place) {
      await take(place.port, '127.0.0.1');
      return { ...(await overTls(place, {})), HTTP_REDIRECT_PORT: `${place.redirectPort}` };
    },
  },
  {
    what: 'HTTP_REDIRECT_PORT in use',
    line: /^HTTP_REDIRECT_PORT \d+ is in use/,
    async broken(place) {
      await take(place.redirectPort, '127.0.0.1');
      return { ...(await overTls(place, {})), HTTP_REDIRECT_PORT: `${place.redirectPort}` };
    },
  },
  {
    what: 'one port for both',
    line: /^HTTP_REDIRECT_PORT \d+ is in use/,
    broken: async (place) => ({
      ...(await overTls(place, {})),
      HTTP_REDIRECT_PORT: `${place.port}`,
    }),
  },
  {
    what: 'a certificate that is not there',
    line: /^TLS_CERT .*ENOENT/,
    broken: async (place) => ({ ...(await overTls(place, {})), TLS_CERT: '/nowhere/cert.pem' }),
  },
  {
    what: 'a TLS key that is not there',
    line: /^TLS_KEY .*ENOENT/,
    broken: async (place) => ({ ...(await overTls(place, {})), TLS_KEY: '/nowhere/key.pem' }),
  },
  {
    what: 'a folder for a certificate',
    line: /^TLS_CERT .*EISDIR/,
    broken: async (place) => ({ ...(await overTls(place, {})), TLS_CERT: place.folder }),
  },
  {
    what: 'certificate and key swapped',
    line: /^TLS_CERT .* holds a private key/,
    broken: (place) => overTls(place, { cert: certificate.key, key: certificate.cert }),
  },
  {
    what: 'junk for a certificate',
    line: /^TLS_CERT .* PEM/,
    broken: (place) => overTls(place, { cert: 'junk' }),
  },
  {
    what: 'junk in the armour of a certificate',
    line: /^TLS_CERT .* PEM/,
    broken: (place) =>
      overTls(place, {
        cert: '-----BEGIN CERTIFICATE-----\nanVuaw==\n-----END CERTIFICATE-----\n',
      }),
  },
  {
    what: 'a DER certificate',
    line: /^TLS_CERT .* PEM/,
    broken: (place) => overTls(place, { cert: der }),
  },
  {
    what: 'junk for a TLS key',
    line: /^TLS_KEY .* PEM/,
    broken: (place) => overTls(place, { key: 'junk' }),
  },
  {
    what: 'an encrypted TLS key',
    line: /^TLS_KEY .* is encrypted/,
    broken: (place) => overTls(place, { key: encryptedKey }),
  },
  {
    what: 'the key of another certificate',
    line: /^TLS_KEY .* is not the key of/,
    broken: (place) => overTls(place, { key: other.key }),
  },
  {
    what: 'a file where the data folder would be',
    line: /^DATABASE_URL: .*ENOTDIR/,
    async broken({ folder }) {
      await writeFile(join(folder, 'file'), '');
      return at(join(folder, 'file', 'flowcept.db'));
    },
  },
  {
    what: 'a data folder below a file, with a keyring of its own',
    line: /^DATABASE_URL: .*ENOTDIR/,
    async broken({ folder }) {
      await writeFile(join(folder, 'file'), '');
      return { ...ownRing, ...at(join(folder, 'file', 'below', 'flowcept.db')) };
    },
  },
  {
    what: 'a data folder that can never be made',
    line: /^DATABASE_URL: .*ENOENT/,
    broken: () => at('/proc/nowhere/data/flowcept.db'),
  },
  {
    what: 'a name that is too long',
    line: /^DATABASE_URL: .*ENAMETOOLONG/,
    broken: ({ folder }) => at(join(folder, `${'x'.repeat(300)}.db`)),
  },
  {
    what: 'a folder for a database',
    line: /^DATABASE_URL: .* is not a file/,
    async broken({ folder }) {
      await mkdir(join(folder, 'folder.db'));
      return at(join(folder, 'folder.db'));
    },
  },
  {
    what: 'a dangling link for a database',
    line: /^DATABASE_URL: The link .*ENOENT/,
    async broken({ folder }) {
      await symlink('/nowhere/flowcept.db', join(folder, 'link.db'));
      return at(join(folder, 'link.db'));
    },
  },
  {
    what: 'a link to itself for a database',
    line: /^DATABASE_URL: The link .*ELOOP/,
    async broken({ folder }) {
      await symlink('loop.db', join(folder, 'loop.db'));
      return at(join(folder, 'loop.db'));
    },
  },
  {
    what: 'a dangling link for a folder',
    line: /^DATABASE_URL: .*ENOENT/,
    async broken({ folder }) {
      await symlink('/nowhere', join(folder, 'data'));
      return at(join(folder, 'data', 'flowcept.db'));
    },
  },
  {
    what: 'a dangling link for the keyring of a new database',
    line: /^DATABASE_URL: .*flowcept\.keys .*ENOENT/,
    async broken({ folder }) {
      await mkdir(join(folder, 'new'));
      await symlink('/nowhere/flowcept.keys', join(folder, 'new', 'flowcept.keys'));
      return { ...ownRing, ...at(join(folder, 'new', 'flowcept.db')) };
    },
  },
  {
    what: 'a keyring that is gone',
    line: /flowcept\.keys is missing/,
    async broken({ folder }) {
      await rm(join(folder, 'flowcept.keys'));
      return ownRing;
    },
  },
  {
    what: 'a data key that is gone',
    line: /flowcept\.db\.key is missing/,
    async broken({ folder }) {
      await rm(join(folder, 'flowcept.db.key'));
      return ownRing;
    },
  },
  {
    what: 'a keyring that remains beside a data key without its database',
    line: /flowcept\.keys is missing/,
    async broken({ folder }) {
      await rm(join(folder, 'flowcept.keys'));
      await rm(join(folder, 'flowcept.db'));
      return ownRing;
    },
  },
  {
    what: 'a keyring that other users can read',
    line: /flowcept\.keys is readable by other users/,
    async broken({ folder }) {
      await chmod(join(folder, 'flowcept.keys'), 0o644);
      return ownRing;
    },
  },
  {
    what: 'a truncated keyring',
    line: /flowcept\.keys is not a keyring/,
    async broken({ folder }) {
      await truncate(join(folder, 'flowcept.keys'), 20);
      return ownRing;
    },
  },
  {
    what: 'another keyring',
    line: /^FLOWCEPT_KEYS cannot decrypt/,
    broken: () => ({}),
  },
  {
    what: 'a database that is none',
    line: /^DATABASE_URL: .* does not open/,
    async broken({ folder }) {
      await writeFile(join(folder, 'flowcept.db'), 'x'.repeat(8_192));
      return ownRing;
    },
  },
];

describe('doctor and serve agree, on libSQL', () => {
  const servers = serverProcesses();
  let served: string;

  beforeAll(async () => {
    served = await killedDeployment(servers, ownRing);
  }, 120_000);

  const run = async (words: readonly string[], place: Place, variables: Variables) =>
    runFlowcept(words, place.folder, {
      PORT: `${place.port}`,
      ...at(join(place.folder, 'flowcept.db')),
      ...variables,
    });

  const placeFor = async (): Promise<Place> => ({
    folder: await copyOf(served),
    port: await freePort(),
    redirectPort: await freePort(),
  });

  it.each(setUps)('on $what, and name it in one line', async ({ broken, line }) => {
    const place = await placeFor();
    const variables = await broken(place);
    const doctor = await run(['doctor', '--json'], place, variables);
    const serve = await run(['serve'], place, variables);
    expectRefusedStart(serve, line);
    expect(serve.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(doctor).toMatchObject({ code: 1, stderr: '' });
    const findings: { state: string; text: string }[] = JSON.parse(doctor.stdout).findings;
    expect(findings.filter(({ state }) => state === 'fault').map(({ text }) => text)).toEqual([
      serve.stderr.trimEnd(),
    ]);
  });

  it('on a whole set-up: nothing is at fault, and it serves', async () => {
    const place = await placeFor();
    expect(await run(['doctor'], place, ownRing)).toMatchObject({ code: 0, stderr: '' });
    const server = await servers.start({
      database: { kind: 'libsql', path: join(place.folder, 'flowcept.db') },
      variables: ownRing,
      port: place.port,
    });
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
