import mongoose from 'mongoose';
import { beforeAll, expect, describe, it } from 'vitest';
import { noMongoDB, ownMongoDB } from '../test/own-mongodb.ts';
import { limitProcess } from '../test/process-limits.ts';
import { type ServerProcess, serverProcesses } from '../test/server-process.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';
import { goodPassword, type Visitor } from '../test/visitor.ts';

const healsWithin = 15_000;
const email = 'ada@example.org';

describe('F4: a database file that becomes read-only, on libSQL', () => {
  const servers = serverProcesses();

  it(
    'changes are answered 503, reads succeed, no email is promised, and writes work again without a restart',
    { timeout: 120_000 },
    async () => {
      const database = {
        kind: 'libsql',
        path: `${await temporaryDirectory()}/flowcept.db`,
      } as const;
      const server = await servers.start({ database });
      const member = await signedUp(server);
      await limitProcess(server.pid, { fileSize: 1_000 });
      await expectReadOnly(server, member);
      await limitProcess(server.pid, { fileSize: 'unlimited' });
      await expectWritable(server, member);
    },
  );
});

describe.skipIf(noMongoDB)(
  'F4: a database that returns without write permission, on MongoDB',
  () => {
    const servers = serverProcesses();
    const mongodb = ownMongoDB({ auth: true, syncOnCommit: true });
    const name = 'flowcept_test_read_only';
    const user = { user: 'app', password: 'only-for-tests' };
    const admin = async (command: object): Promise<void> => {
      const client = new mongoose.mongo.MongoClient(mongodb().url('admin'));
      try {
        await client.db(name).command({ ...command });
      } finally {
        await client.close();
      }
    };
    const mayOnly = (role: 'read' | 'readWrite') => ({ roles: [{ role, db: name }] });
    /**
     * MongoDB can keep the rights that a connection had when it was opened. Killed, because after an orderly end
     * of this MongoDB the driver has dropped it from the members that it knows, and never asks it again.
     */
    const reconnect = async (): Promise<void> => {
      await mongodb().kill();
      await mongodb().restart();
    };
    let server: ServerProcess;
    let member: Visitor;

    beforeAll(async () => {
      await admin({ createUser: user.user, pwd: user.password, ...mayOnly('readWrite') });
      const url = new URL(mongodb().url(name));
      Object.assign(url, {
        username: user.user,
        password: user.password,
        search: `?authSource=${name}`,
      });
      server = await servers.start({ database: { kind: 'mongodb', url: url.href } });
      member = await signedUp(server);
    }, 120_000);

    it(
      'changes are answered 503, reads succeed, no email is promised, and writes work again without a restart',
      { timeout: 120_000 },
      async () => {
        await admin({ updateUser: user.user, ...mayOnly('read') });
        await reconnect();
        await expectReadOnly(server, member);
        await admin({ updateUser: user.user, ...mayOnly('readWrite') });
        await reconnect();
        await expectWritable(server, member);
      },
    );
  },
);

async function signedUp(server: ServerProcess): Promise<Visitor> {
  const visitor = server.visitor();
  expect((await visitor.join(email)).status).toBe(200);
  return visitor;
}

async function expectReadOnly(server: ServerProcess, member: Visitor): Promise<void> {
  const status = (path: string) => async () => (await member.get(path)).status;
  await expect.poll(status('/readyz'), { timeout: healsWithin, interval: 100 }).toBe(200);
  const changes = [
    server
      .visitor()
      .post('/api/sign-up', { email: 'lost@example.org', password: goodPassword, name: 'Lost' }),
    server.visitor().post('/api/sign-in', { email, password: goodPassword }),
    server.visitor().post('/api/recovery', { email }),
    member.send('PATCH', '/api/account', { name: 'Grace' }),
    member.delete('/api/sessions'),
  ];
  expect((await Promise.all(changes)).map(({ status, body }) => [status, body.type])).toEqual(
    changes.map(() => [503, '/problems/unavailable']),
  );
  for (const path of [
    '/api/session',
    '/api/sessions',
    '/api/account/activity',
    '/',
    '/security',
    '/security/claims/rate-limits',
    '/api/trust',
    '/api/trust/history',
    '/.well-known/flowcept-evidence.jws',
    '/.well-known/flowcept-evidence.schema.json',
    '/.well-known/jwks.json',
    '/openapi.json',
    '/docs',
    '/problems',
    '/problems/gone',
  ])
    expect([path, await status(path)()]).toEqual([path, 200]);
}

async function expectWritable(server: ServerProcess, member: Visitor): Promise<void> {
  const rename = async () => (await member.send('PATCH', '/api/account', { name: 'Grace' })).status;
  await expect.poll(rename, { timeout: healsWithin, interval: 100 }).toBe(200);
  expect((await member.get('/api/session')).body.user).toMatchObject({ name: 'Grace' });
  await expect(member.codeFor('lost@example.org')).rejects.toThrow('No code was mailed');
  expect((await server.visitor().join('later@example.org')).status).toBe(200);
}
