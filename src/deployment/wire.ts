import { dirname, join } from 'node:path';
import { makeHashQueue } from '../accounts/hash-queue.ts';
import { makePasswords } from '../accounts/password.ts';
import { makeApp, type App } from '../app.ts';
import type { Clock } from '../clock.ts';
import { StartRefused, type Config } from '../config.ts';
import type { CreateFile } from '../crypto/create-file.ts';
import { openDataKey, sandboxKeys } from '../crypto/key-files.ts';
import { makeKeyring, type Keyring } from '../crypto/keyring.ts';
import { openPepper } from '../crypto/pepper.ts';
import { openSigningKey } from '../crypto/signing-key.ts';
import type { DatabaseSetting } from '../environment.ts';
import { loadStaticFiles } from '../http/static-files.ts';
import { makeLog, rememberLines, type Log, type LogSink, type RememberedLog } from '../log.ts';
import { startDelivery, type Delivery } from '../mail/delivery.ts';
import { makeMailer } from '../mail/mailer.ts';
import { makeTransport } from '../mail/transports.ts';
import type { Fetch } from '../oauth/bounded-fetch.ts';
import { issuersOf, makeProviders } from '../oauth/providers.ts';
import { license, packageRoot, version } from '../package-root.ts';
import { makeLimiter } from '../ratelimit/limiter.ts';
import type { Services, Trust } from '../services.ts';
import { examineFile, openStore } from '../store/open-store.ts';
import type { Store } from '../store/port.ts';
import { StoreUnusable } from '../store/port/errors.ts';

export interface Database {
  store: Store;
  keyring: Keyring;
}

/**
 * Opens the configured database and migrates its schema.
 * @throws StartRefused · StoreUnavailable when the database is unavailable
 */
export function openDatabase(config: Pick<Config, 'database' | 'keys'>): Promise<Database> {
  return connect(config, ({ store }) => store.prepare());
}

function connect(
  config: Pick<Config, 'database' | 'keys'>,
  first: (opened: Database) => Promise<void>,
): Promise<Database> {
  return refusing(async () => {
    await examineFile(config.database);
    const keyring = await ringOf(config);
    const store = await openStore(config.database, (file) => openDataKey(file, keyring));
    await first({ store, keyring }).catch((error: unknown) => closeAfter(store, error));
    return { store, keyring };
  });
}

/** Opens the keyring. `create` makes its file if it has none yet. */
export async function ringOf(
  { database, keys }: Pick<Config, 'database' | 'keys'>,
  create?: CreateFile,
): Promise<Keyring> {
  const sealed = database.kind === 'libsql' ? [database.path, `${database.path}.key`] : [];
  return makeKeyring(keys ?? (await sandboxKeys(dataDirectory(database), sealed, create)));
}

export async function refusing<Answer>(open: () => Promise<Answer>): Promise<Answer> {
  try {
    return await open();
  } catch (error) {
    throw error instanceof StoreUnusable
      ? new StartRefused([`DATABASE_URL: ${error.message}`])
      : error;
  }
}

/** Closes a database that could not be used. */
export async function closeAfter(store: Store, error: unknown): Promise<never> {
  await store.close();
  throw error;
}

export function dataDirectory(database: DatabaseSetting): string {
  return database.kind === 'libsql' ? dirname(database.path) : './data';
}

export interface Deployment {
  app: App;
  services: Services;
  delivery: Delivery;
}

export type MakeTrust = (parts: Omit<Services, 'trust'>) => Trust;

interface Parts extends Database {
  clock: Clock;
  log: Log;
  trust: MakeTrust;
  /** For requests to sign-in providers; defaults to the global `fetch`. */
  fetch?: Fetch;
  /** Called for every request to a sign-in provider, with `POST /path` and the response. */
  onCall?: (call: string, answered: Promise<Response>) => void;
}

/** Creates all services around a database. Nothing runs in the background yet except mail delivery. */
export async function createServices(
  config: Config,
  { store, keyring, clock, log, trust, fetch: outside = fetch, onCall = () => {} }: Parts,
): Promise<Deployment> {
  const pepper = await openPepper({ store, keyring });
  const signer = await openSigningKey({ store, keyring });
  const delivery = startDelivery({
    store,
    clock,
    keyring,
    log,
    transport: makeTransport(config.mail),
  });
  const parts = {
    config,
    clock,
    store,
    keyring,
    pepper,
    signer,
    log,
    passwords: makePasswords({ pepper, cost: config.bcryptCost, queue: makeHashQueue() }),
    providers: makeProviders(
      config,
      heard(
        throughApp(config, () => app, outside),
        onCall,
      ),
    ),
    limiter: makeLimiter({ store, clock, keyring, on: config.rateLimits }),
    mailer: makeMailer({ clock, keyring, wake: delivery.wake }),
  };
  await store.bindIdentities(issuersOf(parts.providers));
  const services: Services = { ...parts, trust: trust(parts) };
  const files = await loadStaticFiles(join(packageRoot, 'dist', 'public'));
  const app = makeApp(services, { files, delivery, version, license });
  return { app, services, delivery };
}

function heard(fetch: Fetch, onCall: (call: string, answered: Promise<Response>) => void): Fetch {
  return (url, init) => {
    const answered = fetch(url, init);
    onCall(`${init.method ?? 'GET'} ${new URL(url).pathname}`, answered);
    return answered;
  };
}

/** Mock providers are part of this server and are called directly, without network, name resolution or certificate. */
function throughApp({ origin }: Config, app: () => App, outside: Fetch): Fetch {
  return (url, init) =>
    url.startsWith(`${origin}/sandbox/`)
      ? app()(new Request(url, init), { address: '127.0.0.1', httpVersion: '1.1' })
      : outside(url, init);
}

export function openLog(
  config: Pick<Config, 'logLevel'>,
  sink: LogSink,
): { log: Log; remembered: RememberedLog } {
  const remembered = rememberLines(sink);
  return { remembered, log: makeLog(config.logLevel, remembered) };
}
