import { endpointsOf } from '../app.ts';
import { systemClock, hour } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log, RememberedLog } from '../log.ts';
import { version } from '../package-root.ts';
import { deferTrust } from './defer-trust.ts';
import {
  closeAfter,
  createServices,
  openDatabase,
  type MakeTrust,
  type Deployment,
} from './wire.ts';

const purgeEvery = hour;

export interface Running extends Deployment {
  /**
   * Resolves when the checks are scheduled.
   * @throws SecuritySourceBroken
   */
  checking: Promise<void>;
  stop(): Promise<void>;
}

/** Creates the trust half of a deployment with everything that its checks may use. */
export function trustOf(config: Config, remembered: RememberedLog): MakeTrust {
  const { database } = config;
  const mongoProbe =
    database.kind === 'mongodb'
      ? async () => (await import('../store/mongo/probe.ts')).mongoProbe(database.url)
      : null;
  const vercel = Boolean(process.env['VERCEL']);
  return (parts) =>
    deferTrust(async () => {
      const [{ makeTrust }, { commitBeside }, { routesOf }, { testInstanceFactory }] =
        await Promise.all([
          import('../trust/trust.ts'),
          import('../trust/claims/build.ts'),
          import('../trust/probe/site-routes.ts'),
          import('./test-instance.ts'),
        ]);
      const commit = process.env['VERCEL_GIT_COMMIT_SHA'] ?? commitBeside();
      return makeTrust({
        ...parts,
        version,
        remembered,
        mongoProbe,
        commit,
        vercel,
        routes: routesOf(endpointsOf(parts)),
        createTestInstance: testInstanceFactory(config),
      });
    });
}

/**
 * Runs a whole deployment in this process and schedules its checks.
 * @throws StartRefused · StoreUnavailable when the database is unavailable
 */
export async function run(
  config: Config,
  { log, remembered }: { log: Log; remembered: RememberedLog },
): Promise<Running> {
  const database = await openDatabase(config);
  const clock = systemClock;
  const trust = trustOf(config, remembered);
  const deployment = await createServices(config, { ...database, clock, log, trust }).catch(
    (error: unknown) => closeAfter(database.store, error),
  );
  const checking = deployment.services.trust.start();
  checking.catch(() => {});
  const purge = setInterval(() => {
    const now = clock.now();
    const removed = database.store.purge(now).then(() => database.store.eraseClosed(now));
    removed.catch((error: unknown) =>
      log.warn({ err: error }, 'Expired records could not be removed.'),
    );
  }, purgeEvery).unref();
  return {
    ...deployment,
    checking,
    async stop() {
      clearInterval(purge);
      await deployment.services.trust.stop();
      await deployment.delivery.stop();
      await database.store.close();
    },
  };
}
