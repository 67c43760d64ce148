import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DatabaseSetting } from '../src/environment.ts';
import { integrityOf } from '../test/encrypted-file.ts';
import { noMongoDB, ownMongoDB } from '../test/own-mongodb.ts';
import { limitProcess } from '../test/process-limits.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';

const run = promisify(execFile);
const healsWithin = 15_000;
const megabyte = 1024 * 1024;

describe('F5: a full disk, on libSQL', () => {
  const servers = serverProcesses();

  it(
    'writes are refused without damage, reads succeed, and writes work again once there is space',
    { timeout: 120_000 },
    async () => {
      const folder = await temporaryDirectory();
      const disk = await smallDisk(folder);
      const database = { kind: 'libsql', path: `${disk.path}/flowcept.db` } as const;
      const server = await servers.start({ database });
      await tellStory(server, {
        fill: () => disk.fill(server),
        free: () => disk.free(server),
        canRead: true,
      });
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(await integrityOf(database.path, server.config)).toEqual(['ok']);

      await disk.fill(server);
      const again = await servers.start({ database });
      expect((await again.visitor().post('/api/sign-in', memberIn(0))).status).toBe(503);
      await disk.free(again);
      await expectKept(again);
    },
  );
});

describe.skipIf(noMongoDB)('F5: a full disk, on MongoDB', () => {
  const servers = serverProcesses();
  const mongodb = ownMongoDB({ syncOnCommit: true });

  it(
    'writes are refused without damage, and work again once there is space and MongoDB runs',
    { timeout: 120_000 },
    async () => {
      const database: DatabaseSetting = {
        kind: 'mongodb',
        url: mongodb().url('flowcept_test_full'),
      };
      const server = await servers.start({ database });
      const fill = () => limitProcess(mongodb().pid(), { fileSize: 1_000 });
      // Whether MongoDB can be read meanwhile, and whether it keeps running, depends on MongoDB.
      const free = () => mongodb().kill().then(mongodb().restart);
      await tellStory(server, { fill, free, canRead: false });
    },
  );
});

interface Disk {
  fill(): Promise<void>;
  free(): Promise<void>;
  canRead: boolean;
}

async function tellStory(server: ServerProcess, { fill, free, canRead }: Disk): Promise<void> {
  const members = Array.from({ length: 5 }, (_, n) => ({
    ...memberIn(n),
    visitor: server.visitor(),
  }));
  for (const { email, visitor } of members) expect((await visitor.join(email)).status).toBe(200);
  await fill();

  const tries = Array.from({ length: 12 }, (_, n) =>
    server.visitor().post('/api/sign-up', {
      email: `late-${n}@example.org`,
      password: goodPassword,
      name: 'Late',
    }),
  );
  const renames = members.map(({ visitor }) =>
    visitor.send('PATCH', '/api/account', { name: 'Late' }),
  );
  const refused = await Promise.all([...tries, ...renames]);
  expect(refused.map(({ status, body }) => [status, body.type])).toEqual(
    refused.map(() => [503, '/problems/unavailable']),
  );
  expect((await server.visitor().get('/healthz')).status).toBe(200);
  for (const { visitor } of members)
    expect(canRead ? [200] : [200, 503]).toContain((await visitor.get('/api/session')).status);

  await free();
  const rename = async ({ visitor }: { visitor: Visitor }) =>
    (await visitor.send('PATCH', '/api/account', { name: 'Grace' })).status;
  for (const member of members)
    await expect.poll(() => rename(member), { timeout: healsWithin, interval: 100 }).toBe(200);
  expect((await server.visitor().join('later@example.org')).status).toBe(200);
  await expectKept(server);
  await expect(server.visitor().codeFor('late-0@example.org')).rejects.toThrow(
    'No code was mailed',
  );
}

const memberIn = (n: number) => ({ email: `member-${n}@example.org`, password: goodPassword });

async function expectKept(server: ServerProcess): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    const visitor = server.visitor();
    const signIn = await visitor.post('/api/sign-in', memberIn(n));
    expect([signIn.status, signIn.body.user?.name]).toEqual([200, 'Grace']);
  }
}

interface SmallDisk {
  path: string;
  fill(server: ServerProcess): Promise<void>;
  free(server: ServerProcess): Promise<void>;
}

/**
 * A file system of a few megabytes if one can be mounted; otherwise a server whose files may not
 * grow.
 */
async function smallDisk(folder: string): Promise<SmallDisk> {
  const path = `${folder}/disk`;
  await mkdir(path);
  const isMounted = await run('mount', [
    '-t',
    'tmpfs',
    '-o',
    'size=12m,mode=0700',
    'tmpfs',
    path,
  ]).then(
    () => true,
    () => false,
  );
  if (!isMounted) {
    return {
      path,
      fill: ({ pid }) => limitProcess(pid, { fileSize: 1_000 }),
      free: ({ pid }) => limitProcess(pid, { fileSize: 'unlimited' }),
    };
  }
  onTestFinished(async () => void (await run('umount', ['--lazy', path])));
  const filler = `${path}/filler`;
  return { path, fill: () => writeUntilFull(filler), free: () => rm(filler) };
}

async function writeUntilFull(file: string): Promise<void> {
  for (const size of [megabyte, 4096]) {
    const chunk = Buffer.alloc(size);
    while (
      await writeFile(file, chunk, { flag: 'a' }).then(
        () => true,
        () => false,
      )
    );
  }
}
