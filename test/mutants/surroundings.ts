import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { selfSigned } from '../certificate.ts';
import { freePort } from '../free-port.ts';
import { type MongoServer, startMongo } from '../mongodb.ts';
import type { Launch } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What a build is served with and around. */
interface Given {
  launch: Launch;
  /** Ends what was started for it. */
  end(): Promise<void>;
}

const nothing = async (): Promise<void> => {};

/** Everywhere that a build can be put. */
const places = {
  'an empty file': () => embedded({}),
  TLS: () => overTls(90),
  'TLS for a week': () => overTls(7),
  'MongoDB as its one account': () => onMongo({ auth: true }, (server) => asAccount(server, ['readWrite'])),
  'MongoDB with one role too many': () => onMongo({ auth: true }, (server) => asAccount(server, ['readWrite', { role: 'readWriteAnyDatabase', db: 'admin' }])),
  'MongoDB as its administrator': () => onMongo({ auth: true }, async (server) => server.url('app')),
  'MongoDB that asks nobody': () => onMongo({ auth: false }, async (server) => server.url('app')),
} as const satisfies Record<string, () => Promise<Given>>;
export type Surroundings = keyof typeof places;

export function makeSurroundings(which: Surroundings): Promise<Given> {
  return places[which]();
}

async function embedded(more: Pick<Launch, 'variables' | 'port'>): Promise<Given> {
  return { launch: { database: { kind: 'libsql', path: join(await temporaryDirectory(), 'flowcept.db') }, ...more }, end: nothing };
}

async function overTls(days: number): Promise<Given> {
  const [directory, port, redirectPort] = [await temporaryDirectory(), await freePort(), await freePort()];
  const [TLS_CERT, TLS_KEY] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const { cert, key } = selfSigned(days);
  await Promise.all([writeFile(TLS_CERT, cert), writeFile(TLS_KEY, key)]);
  return embedded({ port, variables: { PUBLIC_URL: `https://localhost:${port}`, TLS_CERT, TLS_KEY, HTTP_REDIRECT_PORT: `${redirectPort}` } });
}

async function onMongo(options: { auth: boolean }, addressOn: (server: MongoServer) => Promise<string>): Promise<Given> {
  const server = await startMongo(options);
  if (!server) throw new Error('No MongoDB can be started here.');
  const url = await addressOn(server).catch((error: unknown) => server.stop().then(() => Promise.reject(error)));
  return { launch: { database: { kind: 'mongodb', url } }, end: server.stop };
}

async function asAccount(server: MongoServer, roles: readonly (string | { role: string; db: string })[]): Promise<string> {
  const root = server.url('app');
  const client = new mongo.MongoClient(root);
  await client.db('app').command({ createUser: 'app', pwd: 'app-password', roles: [...roles] }).finally(() => client.close());
  return root.replace(/\/\/.*@/, '//app:app-password@').replace('authSource=admin', 'authSource=app');
}
