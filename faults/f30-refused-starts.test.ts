import { once } from 'node:events';
import { chmod, readdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { copyOf, killedDeployment } from '../test/killed-deployment.ts';
import { expectRefusedStart, expectRefusedUnchanged } from '../test/refused-start.ts';
import { runFlowcept, serverProcesses, type Variables } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';

const ownRing = { FLOWCEPT_KEYS: '' };

describe('F30: a start that must fail, on libSQL', () => {
  const servers = serverProcesses();
  let served: string;

  beforeAll(async () => {
    served = await killedDeployment(servers, ownRing);
  }, 120_000);

  it.each<[what: string, variables: Variables, named: RegExp]>([
    ['a port that is none', { PORT: 'eighty' }, /^PORT /],
    [
      'an address of the site with a path',
      { PUBLIC_URL: 'http://localhost:3000/app' },
      /^PUBLIC_URL /,
    ],
    [
      'a database of another kind',
      { DATABASE_URL: 'postgres://localhost/flowcept' },
      /^DATABASE_URL /,
    ],
    ['a ring that is none', { FLOWCEPT_KEYS: 'k1:c2hvcnQ=' }, /^FLOWCEPT_KEYS /],
    [
      'a line break in the sender of email',
      {
        SMTP_URL: 'smtp://127.0.0.1',
        MAIL_FROM: 'Example\r\nBcc: eve@example.com <no-reply@example.org>',
      },
      /^MAIL_FROM [^\n]*$/,
    ],
    [
      'two senders of email',
      { SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'no-reply@example.org, eve@example.com' },
      /^MAIL_FROM [^\n]*$/,
    ],
    ['hashes that are too cheap', { BCRYPT_COST: '4' }, /^BCRYPT_COST /],
    [
      'no limits off loopback',
      {
        PUBLIC_URL: 'https://app.example.org',
        SMTP_URL: 'smtps://mail.example.org',
        MAIL_FROM: 'a@example.org',
        RATE_LIMITS: 'off',
      },
      /^RATE_LIMITS/,
    ],
    [
      'an open site without anything',
      { PUBLIC_URL: 'http://app.example.org', FLOWCEPT_KEYS: '' },
      /^PUBLIC_URL .*\nFLOWCEPT_KEYS .*\nSMTP_URL /,
    ],
    [
      'a certificate that is not there',
      {
        PUBLIC_URL: 'https://localhost',
        TLS_CERT: '/nowhere/cert.pem',
        TLS_KEY: '/nowhere/key.pem',
      },
      /^TLS_CERT /,
    ],
  ])(
    'a start with %s names the fault in a line and creates nothing',
    async (_, variables, named) => {
      const [folder, port] = [await temporaryDirectory(), await freePort()];
      const [serve, doctor] = await Promise.all(
        ['serve', 'doctor'].map((command) =>
          runFlowcept([command], folder, { PORT: `${port}`, ...variables }),
        ),
      );
      expectRefusedStart(serve, named);
      expect(doctor?.code).toBe(1);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a start names the port that another process uses', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const folder = await temporaryDirectory();
    const ran = await runFlowcept(['serve'], folder, {
      PORT: `${port}`,
      DATABASE_URL: `file:${folder}/data/flowcept.db`,
    });
    expectRefusedStart(ran, new RegExp(`^PORT ${port} `));
    expect(await readdir(folder)).toEqual([]);
  });

  // Of the documentation range, RFC 3849: no machine has this address, with IPv6 or without.
  it.each(['2001:db8::1', '192.0.2.1'])(
    'a start names the address %s, which this machine does not have',
    async (host) => {
      const folder = await temporaryDirectory();
      const ran = await runFlowcept(['serve'], folder, {
        PORT: `${await freePort()}`,
        HOST: host,
        DATABASE_URL: `file:${folder}/data/flowcept.db`,
      });
      expectRefusedStart(ran, new RegExp(`^HOST ${host} `));
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a start names the folder that cannot be created below a file', async () => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, 'file'), 'no folder');
    const rings: Variables[] = [{}, ownRing];
    for (const variables of rings)
      await expectRefusedUnchanged(
        folder,
        'file/below/flowcept.db',
        variables,
        /^DATABASE_URL: .*file\/below\/flowcept\.db/,
      );
  });

  it('a start refuses a key file that other users can read', async () => {
    const folder = await copyOf(served);
    await chmod(join(folder, 'flowcept.keys'), 0o644);
    await expectRefusedUnchanged(
      folder,
      'flowcept.db',
      ownRing,
      /flowcept\.keys is readable by other users/,
    );
  });

  it('a start refuses a truncated key file', async () => {
    const folder = await copyOf(served);
    await truncate(join(folder, 'flowcept.keys'), 20);
    await expectRefusedUnchanged(folder, 'flowcept.db', ownRing, /flowcept\.keys is not a keyring/);
  });
});
