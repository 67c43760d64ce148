import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../test/mongodb.ts';
import { mongoProbe } from '../../store/mongo/probe.ts';
import { databaseAddress } from '../claims/database-address.ts';
import type { Sources } from '../probe/check-context.ts';
import { perform } from '../probe/controls.ts';
import type { MongoFacts } from '../probe/mongo-facts.ts';
import { databaseAccess } from './database-access.ts';

const none = () => Promise.reject(new Error('This deployment has none.'));

async function outcomeOf(url: string, mongoFacts: () => Promise<MongoFacts>): Promise<string> {
  const sources: Sources = {
    site: {
      origin: 'https://app.example.org',
      secure: true,
      answersHere: false,
      loopback: false,
      proxies: 0,
      database: databaseAddress({ kind: 'mongodb', url }),
      providers: [],
      routes: [],
    },
    here: { domain: 'canary.invalid', send: none, mailTo: none },
    memory: new Map(),
    passwordHashes: async function* () {},
    factorCensus: none,
    storageFiles: none,
    logLines: () => [],
    mongo: mongoFacts,
    sendPlain: none,
    tlsProbe: { handshake: none, handshakeWithOldServer: none, offerSuites: none },
    secretScan: none,
    createTestInstance: none,
    keep: () => {},
  };
  return (await perform(databaseAccess, sources)).finding.outcome;
}

describe('given the facts that a probe found', () => {
  const facts: MongoFacts = {
    unauthenticatedRefused: true,
    wrongPasswordRefused: true,
    roles: ['readWrite@app'],
    otherDatabaseRefused: true,
    createUserRefused: true,
    tls: true,
  };
  const seen = (given: Partial<MongoFacts>, url = 'mongodb://app:secret@db.example.org/app') =>
    outcomeOf(url, async () => ({ ...facts, ...given }));

  test('the check passes if strangers are refused and the application has a single role', async () => {
    expect(await seen({})).toBe('true');
    expect(
      await seen(
        { tls: false },
        'mongodb://app:secret@127.0.0.1:27017,localhost/app?authSource=app',
      ),
    ).toBe('true');
  });

  test.each<[string, Partial<MongoFacts>, string?]>([
    ['it asks no client for a password', { unauthenticatedRefused: false }],
    ['it takes any password', { wrongPasswordRefused: false }],
    ['the application may use other databases', { otherDatabaseRefused: false }],
    ['the application may make users', { createUserRefused: false }],
    ['the application has a role too many', { roles: ['dbAdmin@app', 'readWrite@app'] }],
    ['the application’s role is for another database', { roles: ['readWrite@other'] }],
    ['no user has a role', { roles: [] }],
    ['it is spoken to in the clear', { tls: false }],
    [
      'one of its hosts is spoken to in the clear',
      { tls: false },
      'mongodb://app:secret@localhost,db.example.org/app',
    ],
  ])('the check fails if %s', async (_, given, url) => {
    expect(await seen(given, url)).toBe('false');
  });
});

describe.skipIf(inject('mongodb') === null)('given a real server, on MongoDB', () => {
  let closed: MongoServer | null = null;
  let open: MongoServer | null = null;
  beforeAll(async () => {
    closed = await startMongo({ auth: true });
    open = await startMongo({ auth: false });
  }, 90_000);
  afterAll(async () => {
    await closed?.stop();
    await open?.stop();
  });

  const probed = (url: string) => outcomeOf(url, () => mongoProbe(url));

  test('the check passes for an account that may only read and write the one database, and fails for an administrator', async () => {
    const root = closed?.url('app') ?? '';
    const client = new mongo.MongoClient(root);
    await client
      .db('app')
      .command({ createUser: 'app', pwd: 'app-password', roles: ['readWrite'] });
    await client.close();
    expect(
      await probed(
        root
          .replace(/\/\/.*@/, '//app:app-password@')
          .replace('authSource=admin', 'authSource=app'),
      ),
    ).toBe('true');
    expect(await probed(root)).toBe('false');
  });

  test('the check fails for a server without authentication', async () => {
    expect(await probed(open?.url('app') ?? '')).toBe('false');
  });
});
