import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { copyOf as copy, killedDeployment, email } from '../test/killed-deployment.ts';
import { freshDatabase } from '../test/mongodb.ts';
import { noMongoDB } from '../test/own-mongodb.ts';
import { expectRefusedStart, expectRefusedUnchanged } from '../test/refused-start.ts';
import { runFlowcept, serverProcesses } from '../test/server-process.ts';
import { goodPassword } from '../test/visitor.ts';

const otherRing = `t2:${randomBytes(32).toString('base64')}`;
const ownRing = { FLOWCEPT_KEYS: '' };

describe('F21: a key that is wrong or missing, on libSQL', () => {
  const servers = serverProcesses();
  /** One database with keys in the environment, one with keys in a file. */
  const served: Record<'ring' | 'file', string> = { ring: '', file: '' };

  beforeAll(async () => {
    served.ring = await killedDeployment(servers);
    served.file = await killedDeployment(servers, ownRing);
  }, 120_000);

  const copyOf = (kind: 'ring' | 'file') => copy(served[kind]);

  it('a database does not open with other keys', async () => {
    await expectRefusedUnchanged(
      await copyOf('ring'),
      'flowcept.db',
      { FLOWCEPT_KEYS: otherRing },
      /^FLOWCEPT_KEYS .*flowcept\.db\.key/,
    );
  });

  it('no new database key is created if it is missing', async () => {
    const folder = await copyOf('ring');
    await rm(join(folder, 'flowcept.db.key'));
    await expectRefusedUnchanged(folder, 'flowcept.db', {}, /flowcept\.db\.key is missing/);
  });

  it('no new keys are created if they are missing', async () => {
    const folder = await copyOf('file');
    await rm(join(folder, 'flowcept.keys'));
    await expectRefusedUnchanged(folder, 'flowcept.db', ownRing, /flowcept\.keys/);
  });

  it.each<[what: string, bytes: (file: Buffer) => Buffer]>([
    ['garbage', ({ length }) => randomBytes(length)],
    ['text', () => Buffer.from('This is no database.\n'.repeat(400))],
    ['a first page of zeros', (file) => Buffer.concat([Buffer.alloc(4096), file.subarray(4096)])],
  ])('a database file that is %s is left unchanged', async (_, bytes) => {
    const folder = await copyOf('ring');
    const file = join(folder, 'flowcept.db');
    await writeFile(file, bytes(await readFile(file)));
    await expectRefusedUnchanged(folder, 'flowcept.db', {}, /flowcept\.db/);
  });

  it(
    'no data was damaged: with the right keys every account is still there',
    { timeout: 120_000 },
    async () => {
      const folder = await copyOf('ring');
      await expectRefusedUnchanged(
        folder,
        'flowcept.db',
        { FLOWCEPT_KEYS: otherRing },
        /^FLOWCEPT_KEYS /,
      );
      const server = await servers.start({
        database: { kind: 'libsql', path: join(folder, 'flowcept.db') },
      });
      expect(
        (await server.visitor().post('/api/sign-in', { email, password: goodPassword })).status,
      ).toBe(200);
    },
  );
});

describe.skipIf(noMongoDB)('F21: a key that is wrong, on MongoDB', () => {
  const servers = serverProcesses();

  it(
    'the start is refused and no data is damaged: with the right keys every account is still there',
    { timeout: 120_000 },
    async () => {
      const database = { kind: 'mongodb', url: freshDatabase(inject('mongodb') ?? '') } as const;
      const before = await servers.start({ database });
      expect((await before.visitor().join(email)).status).toBe(200);
      await before.kill('SIGKILL');
      const variables = {
        PORT: `${await freePort()}`,
        DATABASE_URL: database.url,
        FLOWCEPT_KEYS: otherRing,
      };
      expectRefusedStart(
        await runFlowcept(['serve'], process.cwd(), variables),
        /^FLOWCEPT_KEYS cannot decrypt the password pepper/,
      );
      const after = await servers.start({ database });
      expect(
        (await after.visitor().post('/api/sign-in', { email, password: goodPassword })).status,
      ).toBe(200);
    },
  );
});
