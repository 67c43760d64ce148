import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type MongoServer, startMongo } from '../../../test/mongodb.ts';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';
import { openMongoStore } from './open.ts';
import { mongoProbe } from './probe.ts';

const skip = inject('mongodb') === null;

async function started(auth: boolean): Promise<MongoServer> {
  const server = await startMongo({ auth });
  if (!server) throw new Error('No MongoDB can be started.');
  return server;
}

async function asRoot<Answer>(
  server: MongoServer,
  work: (client: mongo.MongoClient) => Promise<Answer>,
): Promise<Answer> {
  const client = new mongo.MongoClient(server.url('app'));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

describe.skipIf(skip)('a MongoDB with authentication, on MongoDB', () => {
  let server: MongoServer;
  let url: string;
  beforeAll(async () => {
    server = await started(true);
    await asRoot(server, (client) =>
      client.db('app').command({ createUser: 'app', pwd: 'app-password', roles: ['readWrite'] }),
    );
    url = server
      .url('app')
      .replace(/\/\/.*@/, '//app:app-password@')
      .replace('authSource=admin', 'authSource=app');
  }, 90_000);
  afterAll(() => server?.stop());

  test('refuses everything that the application does not need, as the probe reports', async () => {
    expect(await mongoProbe(url)).toEqual({
      unauthenticatedRefused: true,
      wrongPasswordRefused: true,
      roles: ['readWrite@app'],
      otherDatabaseRefused: true,
      createUserRefused: true,
      tls: false,
      encryptedHost: 'other',
    });
  });

  test('an administrator’s account is reported, and what the probe did with it is undone', async () => {
    const facts = await mongoProbe(server.url('app'));
    expect(facts).toMatchObject({
      unauthenticatedRefused: true,
      otherDatabaseRefused: false,
      createUserRefused: false,
      roles: ['root@admin'],
    });
    await asRoot(server, async (client) => {
      const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
      expect(databases.filter(({ name }) => name.startsWith('flowcept_probe_'))).toEqual([]);
      expect(
        (await client.db('app').command({ usersInfo: 1 })).users.map(
          ({ user }: { user: string }) => user,
        ),
      ).toEqual(['app']);
    });
  });

  test('readWrite on the one database suffices for the store, including its preparation', async () => {
    const store = await openMongoStore({ url });
    await store.prepare();
    expect(await store.countAccounts()).toBe(0);
    await store.close();
  });

  test.each([
    ['a wrong password', () => url.replace('app-password', 'wrong-password')],
    ['no credentials', () => url.replace('app:app-password@', '')],
  ])(
    'a store with %s is unusable, and its error does not contain the password',
    async (_, wrong) => {
      const error: unknown = await openMongoStore({ url: wrong() }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(StoreUnusable);
      expect(error).toMatchObject({ message: expect.stringContaining('refuses the credentials') });
      expect(JSON.stringify([error, String((error as Error).cause)])).not.toContain('-password');
    },
  );

  test('a store with a read-only account answers reads and is unavailable for writes', async () => {
    await asRoot(server, (client) =>
      client.db('app').command({ updateUser: 'app', roles: ['read'] }),
    );
    const store = await openMongoStore({ url });
    try {
      expect(await store.hasOperator()).toBe(false);
      await expect(store.resetLimit('key')).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(store.prepare()).rejects.toBeInstanceOf(StoreUnusable);
    } finally {
      await asRoot(server, (client) =>
        client.db('app').command({ updateUser: 'app', roles: ['readWrite'] }),
      );
      await store.close();
    }
  });
});

describe.skipIf(skip)('a MongoDB without authentication, on MongoDB', () => {
  test('refuses nothing, as the probe reports', async () => {
    const server = await started(false);
    try {
      expect(await mongoProbe(server.url('app'))).toMatchObject({
        unauthenticatedRefused: false,
        roles: [],
        otherDatabaseRefused: false,
        createUserRefused: false,
        tls: false,
      });
    } finally {
      await server.stop();
    }
  }, 90_000);

  test('yields no facts while it is unavailable', async () => {
    await expect(mongoProbe('mongodb://127.0.0.1:1/app')).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
