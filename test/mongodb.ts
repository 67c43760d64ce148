import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { freePort } from './free-port.ts';
import { findProgram, type Launch, type Program } from './mongodb-program.ts';

export interface MongoServer {
  /** With `auth`, as a user with all rights. */
  url(database: string): string;
  kind: string;
  /** The memory of its process. Only for a server that the tests started. */
  pid(): number;
  stop(): Promise<void>;
  /** SIGKILL. Only for a server that the tests started. */
  kill(): Promise<void>;
  /** Stops it if it runs, and starts it again with the same data on the same port. */
  restart(): Promise<void>;
}

export interface MongoOptions {
  auth?: boolean;
  storagePath?: string;
  syncOnCommit?: boolean;
  port?: number;
}

const prefix = 'flowcept_test_';
const startWithin = 60_000;
const day = 86_400;
const root = { user: 'root', password: 'only-for-tests' };

/**
 * A separate MongoDB, or the one in FLOWCEPT_TEST_MONGODB_URI if no option is given. `null`: none
 * is available.
 */
export async function startMongo(options: MongoOptions = {}): Promise<MongoServer | null> {
  const named = process.env.FLOWCEPT_TEST_MONGODB_URI;
  if (named && Object.keys(options).length === 0) return namedServer(named);
  const program = await findProgram();
  return program && startProgram(program, options);
}

/**
 * The one server of a test run, started in `global-setup.ts`. A server that was named keeps none of
 * our databases; a server that was started is removed with them.
 */
export async function openTestMongo(): Promise<(MongoServer & { base: string }) | null> {
  const server = await startMongo();
  if (!server) return null;
  const base = server.url(
    `${prefix}${Math.floor(Date.now() / 1000)}_${randomBytes(3).toString('hex')}`,
  );
  const stop = () => (server.kind === 'named' ? dropTestDatabases(base) : server.stop());
  return { ...server, base, stop };
}

/** The address of a new, empty database beside the one of `base`, dropped at the end of the run. */
export function freshDatabase(base: string): string {
  return withDatabase(base, `${databaseOf(base)}_${randomBytes(5).toString('hex')}`);
}

const address = /^(mongodb(?:\+srv)?:\/\/[^/]+)\/?([^?]*)(\?.*)?$/;

function databaseOf(url: string): string {
  return address.exec(url)?.[2] ?? '';
}

function withDatabase(url: string, database: string): string {
  const [, server, , query = ''] = address.exec(url) ?? [];
  if (server === undefined) throw new Error('FLOWCEPT_TEST_MONGODB_URI is not a MongoDB address.');
  return `${server}/${database}${query}`;
}

function namedServer(named: string): MongoServer {
  const notOurs = (): Promise<never> =>
    Promise.reject(new Error('This MongoDB was not started by the tests.'));
  return {
    url: (database) => withDatabase(named, database),
    kind: 'named',
    pid: () => 0,
    stop: async () => {},
    kill: notOurs,
    restart: notOurs,
  };
}

/** The databases of this run, and what crashed runs left behind more than a day ago. */
async function dropTestDatabases(base: string): Promise<void> {
  await withClient(base, async (client) => {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) {
      if (!name.startsWith(prefix)) continue;
      const startedAt = Number(/^flowcept_test_(\d+)_/.exec(name)?.[1] ?? 0);
      if (name.startsWith(databaseOf(base)) || Date.now() / 1000 - startedAt > day)
        await client.db(name).dropDatabase();
    }
  });
}

async function withClient<Answer>(
  url: string,
  work: (client: mongo.MongoClient) => Promise<Answer>,
): Promise<Answer> {
  const client = new mongo.MongoClient(url, {
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 1_000,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function startProgram(program: Program, options: MongoOptions): Promise<MongoServer> {
  const home = await mkdtemp(join(tmpdir(), 'flowcept-mongodb-'));
  const launch: Launch = {
    port: options.port ?? (await freePort()),
    directory: options.storagePath ?? join(home, 'data'),
    auth: false,
    syncOnCommit: options.syncOnCommit ?? false,
    keyFile: join(home, 'key'),
  };
  await mkdir(launch.directory, { recursive: true });
  await writeFile(launch.keyFile, randomBytes(48).toString('base64'));
  await chmod(launch.keyFile, 0o600);
  let running = await begin(program, launch);
  if (options.auth) {
    await createRoot(launch.port);
    await end(running, 'SIGTERM');
    launch.auth = true;
    running = await begin(program, launch);
  }
  const credentials = launch.auth ? `${root.user}:${root.password}@` : '';
  const settings = [
    ...(launch.auth ? ['authSource=admin'] : []),
    // The stand-in searches all earlier retryable writes at each write, so it takes five times as
    // long after six thousand.
    ...(program.kind === 'secantusdb' ? ['retryWrites=false'] : []),
  ];
  const query = settings.length > 0 ? `?${settings.join('&')}` : '';
  return {
    kind: program.kind,
    pid: () => running.pid ?? 0,
    url: (database) => `mongodb://${credentials}127.0.0.1:${launch.port}/${database}${query}`,
    async stop() {
      await end(running, 'SIGTERM');
      await rm(home, { recursive: true, force: true });
    },
    kill: () => end(running, 'SIGKILL'),
    async restart() {
      await end(running, 'SIGTERM');
      running = await begin(program, launch);
    },
  };
}

async function begin(program: Program, launch: Launch): Promise<ChildProcess> {
  const child = spawn(program.command, program.args(launch), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said.push(chunk.toString());
      said.splice(0, said.length - 20);
    });
  }
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error(`${program.kind} ended while it started.\n${said.join('')}`)),
    );
  });
  failed.catch(() => undefined);
  try {
    await Promise.race([ready(launch.port), failed]);
    return child;
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
}

async function ready(port: number): Promise<void> {
  const giveUpAt = Date.now() + startWithin;
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  for (;;) {
    const asked = await withClient(url, (client) => becomePrimary(client, port)).catch(
      (error: unknown) => error,
    );
    if (asked === true) return;
    if (Date.now() > giveUpAt)
      throw new Error(`MongoDB is not ready after ${startWithin} ms.`, { cause: asked });
    await wait(100);
  }
}

/** A new `mongod` is not a replica set yet; without a primary it accepts no writes. */
async function becomePrimary(client: mongo.MongoClient, port: number): Promise<boolean> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  if (hello.isreplicaset === true) {
    await admin.command({
      replSetInitiate: { _id: 'flowcept', members: [{ _id: 0, host: `127.0.0.1:${port}` }] },
    });
  }
  return hello.isWritablePrimary === true && hello.setName !== undefined;
}

async function createRoot(port: number): Promise<void> {
  await withClient(`mongodb://127.0.0.1:${port}/`, async (client) => {
    const user = {
      createUser: root.user,
      pwd: root.password,
      roles: [{ role: 'root', db: 'admin' }],
    };
    await client
      .db('admin')
      .command(user)
      .catch((error: unknown) => {
        const existsAlready = error instanceof mongo.MongoServerError && error.code === 51003;
        if (!existsAlready) throw error;
      });
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatient);
}
