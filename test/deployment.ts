import { afterAll, beforeAll } from 'vitest';
import type { Clock } from '../src/clock.ts';
import { readConfig, type Config } from '../src/config.ts';
import { trustOf } from '../src/deployment/run.ts';
import { createServices, openDatabase, openLog, type Deployment } from '../src/deployment/wire.ts';
import type { MakeDatabase } from './on-both-stores.ts';
import { Visitor } from './visitor.ts';

/** A clock that tests can move. It advances with the system clock until a test stops it. */
class MovableClock implements Clock {
  #ahead = 0;
  #stoppedAt: Date | null = null;
  now(): Date {
    return this.#stoppedAt ?? new Date(Date.now() + this.#ahead);
  }
  stop(): void {
    this.#stoppedAt = this.now();
  }
  start(): void {
    this.#stoppedAt = null;
  }
  move(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

export interface TestDeployment extends Deployment {
  config: Config;
  clock: MovableClock;
  logLines(): readonly string[];
  /** A client with a cookie jar and an address of its own. */
  visitor(address?: string): Visitor;
  stop(): Promise<void>;
}

/**
 * Below the minimum of the configuration, unless a cost is named: most tests sign in, and few are
 * about the cost of a hash.
 */
export function cheapHashes(variables: Record<string, string>): Partial<Config> {
  return 'BCRYPT_COST' in variables ? {} : { bcryptCost: 4 };
}

/** The whole server without a socket: requests go in, answers come out. */
export async function deploy(
  database: MakeDatabase,
  variables: Record<string, string> = {},
  changes: Partial<Config> = {},
): Promise<TestDeployment> {
  const config: Config = {
    ...readConfig({
      BCRYPT_COST: '10',
      FLOWCEPT_KEYS: `t1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
      ...variables,
    }),
    ...changes,
    database: await database(),
  };
  const clock = new MovableClock();
  const { log, remembered } = openLog(config, { write: () => {} });
  const opened = await openDatabase(config);
  const services_ = await createServices(config, {
    ...opened,
    clock,
    log,
    trust: trustOf(config, remembered),
  });
  let visitors = 0;
  return {
    ...services_,
    config,
    clock,
    logLines: () => remembered.lines(),
    visitor: (address) =>
      new Visitor(
        services_.app,
        config,
        address ?? `127.9.${Math.floor((visitors += 1) / 250)}.${visitors % 250}`,
      ),
    async stop() {
      await services_.delivery.stop();
      await opened.store.close();
    },
  };
}

/** One deployment for all tests of a `describe`. */
export function deployed(
  database: MakeDatabase,
  variables: Record<string, string> = {},
): () => TestDeployment {
  let deployment: TestDeployment | undefined;
  beforeAll(async () => {
    deployment = await deploy(database, variables, cheapHashes(variables));
  });
  afterAll(async () => deployment?.stop());
  return () => {
    if (!deployment) throw new Error('The deployment is there only while tests run.');
    return deployment;
  };
}
