import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { trustOf } from '../src/deployment/run.ts';
import { createServices, openDatabase, openLog } from '../src/deployment/wire.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { listen } from '../src/server/listen.ts';
import { freePort } from '../test/free-port.ts';
import { freshDatabase, startMongo } from '../test/mongodb.ts';
import { onBothStores, type MakeDatabase } from '../test/on-both-stores.ts';
import { attacks } from './all.ts';
import type { Attack } from './attack.ts';
import { Target } from './target.ts';
import { NotApplicable } from './verdict.ts';

interface Own {
  database: DatabaseSetting;
  stop(): Promise<void>;
}

/**
 * A new database, and for MongoDB a new server, too: the stand-in slows down with every request
 * that it has received.
 */
async function ownDatabase(makeDatabase: MakeDatabase): Promise<Own> {
  const database = await makeDatabase();
  const mongo = database.kind === 'mongodb' ? await startMongo() : null;
  if (mongo === null) return { database, stop: async () => {} };
  return {
    database: { kind: 'mongodb', url: freshDatabase(mongo.url('flowcept_test_attacks')) },
    stop: mongo.stop,
  };
}

/** The whole server on a socket, as `flowcept serve` starts it, without its schedule. */
async function serve(makeDatabase: MakeDatabase) {
  const own = await ownDatabase(makeDatabase);
  const port = await freePort();
  const config = {
    ...readConfig({
      PORT: String(port),
      BCRYPT_COST: '10',
      FLOWCEPT_KEYS: `t1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
    }),
    database: own.database,
  };
  const { log, remembered } = openLog(config, { write: () => {} });
  const opened = await openDatabase(config);
  const { app, delivery } = await createServices(config, {
    ...opened,
    clock: systemClock,
    log,
    trust: trustOf(config, remembered),
  });
  const listening = await listen(app, config, log);
  return {
    origin: config.publicUrl,
    async stop() {
      await listening.close(1_000);
      await delivery.stop();
      await opened.store.close();
      await own.stop();
    },
  };
}

/** Generous, for a machine with other work. */
const timeoutMs = 180_000;
/**
 * Hundreds of sequential requests, at a stand-in for MongoDB that takes tens of milliseconds for
 * each operation.
 */
const timeoutAloneMs = 900_000;

type Fire = (attack: Attack) => (context: TestContext) => Promise<void>;

/** A server with a database of its own for these cases. */
function against(database: MakeDatabase, cases: (fire: Fire) => void): void {
  let target: Target | undefined;
  let stop = async (): Promise<void> => {};
  beforeAll(async () => {
    const served = await serve(database);
    stop = served.stop;
    target = new Target(served.origin);
  });
  afterAll(() => stop());

  cases((attack) => async (context) => {
    if (!target) throw new Error('The server is not there.');
    await attack
      .run(target)
      .catch((error: unknown) =>
        error instanceof NotApplicable ? context.skip(error.message) : Promise.reject(error),
      );
  });
}

const together = attacks.filter(({ alone }) => !alone);
const groups = new Set(together.map(({ id }) => id.charAt(0)));

// Each case has users and addresses of its own, so several run at once. Each group has a server and
// a database.
onBothStores('the attacks', (database) => {
  for (const group of groups)
    describe(group, () =>
      against(database, (fire) => {
        for (const attack of together.filter(({ id }) => id.startsWith(group)))
          it.concurrent(`${attack.id} ${attack.title}`, { timeout: timeoutMs }, fire(attack));
      }),
    );
});

// One at a time, each with a database of its own: data of other cases slows down the stand-in for
// MongoDB, and says nothing about the server.
onBothStores('the attacks that measure or flood', (database) => {
  for (const attack of attacks.filter(({ alone }) => alone)) {
    describe(attack.id, () =>
      against(database, (fire) =>
        it(`${attack.id} ${attack.title}`, { timeout: timeoutAloneMs }, fire(attack)),
      ),
    );
  }
});
