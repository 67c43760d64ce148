import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { selfSigned } from '../certificate.ts';
import { freePort } from '../free-port.ts';
import { type MongoOptions, type MongoServer, startMongo } from '../mongodb.ts';
import type { Launch } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import type { Store } from './stores.ts';

type Role = string | { role: string; db: string };
/** The address of such a MongoDB, which starts when the first build needs it. */
type MongoAt = (options: MongoOptions) => Promise<MongoServer>;
type Database = (store: Store, mongoAt: MongoAt) => Promise<Launch['database']>;

/** The environments of builds: the database, and how many days their certificate is valid. */
const places = {
  'an empty database': { database: emptyDatabase },
  TLS: { database: emptyDatabase, tlsFor: 90 },
  'TLS for a week': { database: emptyDatabase, tlsFor: 7 },
  'MongoDB with one role too many': {
    database: (_, mongoAt) =>
      asAccount(mongoAt, ['readWrite', { role: 'readWriteAnyDatabase', db: 'admin' }]),
  },
  'MongoDB as its administrator': {
    database: async (_, mongoAt) => mongodb((await mongoAt({ auth: true })).url(newName())),
  },
  'MongoDB without authentication': {
    database: async (_, mongoAt) => mongodb((await mongoAt({ auth: false })).url(newName())),
  },
} as const satisfies Record<string, { database: Database; tlsFor?: number }>;
export type Surroundings = keyof typeof places;

export interface Grounds {
  prepare(which: Surroundings, store: Store): Promise<Launch>;
  /** Stops the databases that were started. */
  clear(): Promise<void>;
}

/**
 * One MongoDB with access control and one without for all builds of a run. Each build has a
 * database and an account of its own there.
 */
export function makeGrounds(): Grounds {
  const started = new Map<string, Promise<MongoServer>>();
  const mongoAt: MongoAt = (options) => {
    const key = JSON.stringify(options);
    const server = started.get(key) ?? start(options);
    started.set(key, server);
    return server;
  };
  return {
    async prepare(which, store) {
      const place: { database: Database; tlsFor?: number } = places[which];
      return {
        database: await place.database(store, mongoAt),
        ...(place.tlsFor !== undefined && (await overTls(place.tlsFor))),
      };
    },
    async clear() {
      await Promise.all([...started.values()].map(async (server) => (await server).stop()));
    },
  };
}

async function start(options: MongoOptions): Promise<MongoServer> {
  const server = await startMongo(options);
  if (!server) throw new Error('No MongoDB can be started here.');
  return server;
}

async function emptyDatabase(store: Store, mongoAt: MongoAt): Promise<Launch['database']> {
  if (store === 'MongoDB') return asAccount(mongoAt, ['readWrite']);
  return { kind: 'libsql', path: join(await temporaryDirectory(), 'flowcept.db') };
}

async function overTls(days: number): Promise<Pick<Launch, 'variables' | 'port'>> {
  const [directory, port, redirectPort] = [
    await temporaryDirectory(),
    await freePort(),
    await freePort(),
  ];
  const [TLS_CERT, TLS_KEY] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const { cert, key } = selfSigned(days);
  await Promise.all([writeFile(TLS_CERT, cert), writeFile(TLS_KEY, key)]);
  return {
    port,
    variables: {
      PUBLIC_URL: `https://localhost:${port}`,
      TLS_CERT,
      TLS_KEY,
      HTTP_REDIRECT_PORT: `${redirectPort}`,
    },
  };
}

/** A new account with these rights on a new database. */
async function asAccount(mongoAt: MongoAt, roles: readonly Role[]): Promise<Launch['database']> {
  const name = newName();
  const root = (await mongoAt({ auth: true })).url(name);
  const client = new mongo.MongoClient(root);
  try {
    await client.db(name).command({ createUser: 'app', pwd: 'app-password', roles: [...roles] });
  } finally {
    await client.close();
  }
  return mongodb(
    root
      .replace(/\/\/.*@/, '//app:app-password@')
      .replace('authSource=admin', `authSource=${name}`),
  );
}

function newName(): string {
  return `app_${randomBytes(5).toString('hex')}`;
}

function mongodb(url: string): Launch['database'] {
  return { kind: 'mongodb', url };
}
