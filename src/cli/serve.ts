import { setTimeout as sleep } from 'node:timers/promises';
import { offerClaim } from '../accounts/claim-operator.ts';
import { claimMinutes } from '../api/durations.ts';
import { isLoopbackName, readConfig, type Config } from '../config.ts';
import { keyFileWarning } from '../deployment/key-file-warning.ts';
import { run, type Running } from '../deployment/run.ts';
import { openLog } from '../deployment/wire.ts';
import { sandboxServices } from '../http/sandbox.ts';
import type { Log, RememberedLog } from '../log.ts';
import { openDoors } from '../server/doors.ts';
import { startingApp } from '../server/starting.ts';
import { limitYoungGeneration } from '../server/young-generation.ts';
import { StoreUnavailable } from '../store/port/errors.ts';
import { checksFinished } from './checks-finished.ts';
import type { Command } from './command.ts';
import { terminal } from './terminal.ts';

/** Milliseconds for in-flight requests after SIGTERM. Less than the ten seconds that the documentation promises. */
const shutdownMs = 8_000;
const lastMoment = 9_000;

export const serve: Command = {
  summary: 'serves this deployment until SIGTERM or Ctrl-C',
  async run() {
    const config = readConfig(process.env);
    const output = terminal(process.stdout);
    const logging = openLog(config, output);
    endOnDefects(logging.log);
    const stopped = stopSignal();
    const starting = startingApp({ config, log: logging.log });
    let handle = starting;

    const doors = await openDoors(
      (request, connection) => handle(request, connection),
      config,
      logging.log,
    );
    const running = await runWhenPossible(config, logging, stopped).catch(
      async (error: unknown) => {
        await doors.close(0);
        throw error;
      },
    );
    if (running) {
      handle = running.app;
      limitYoungGeneration();
      const link = await announce(config, running);
      if (link !== null) void repeatBelowChecks(link, running, stopped.signal);
      await Promise.race([stopped.promise, running.checking.then(() => stopped.promise)]).catch(
        async (error: unknown) => {
          await doors.close(0);
          await running.stop();
          throw error;
        },
      );
    }

    logging.log.info('Stopping: finishing open requests, accepting no new ones.');
    await doors.close(shutdownMs);
    await running?.stop();
    return 0;
  },
};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Waits for a database that is still unreachable. Until then every response is 503, and the reason is logged once. */
async function runWhenPossible(
  config: Config,
  logging: { log: Log; remembered: RememberedLog },
  stopped: { signal: AbortSignal },
): Promise<Running | null> {
  for (let tries = 0; !stopped.signal.aborted; tries += 1) {
    try {
      return await run(config, logging);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (tries === 0)
        logging.log.error(
          { reason: error.message },
          'The database is unreachable. Retrying every second.',
        );
      await sleep(1_000, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }
  return null;
}

/**
 * Ends the process after an unexpected error, because its state is unknown. A supervisor restarts it, and all state is
 * in the store.
 */
function endOnDefects(log: Log): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Unexpected error. The process exits.');
    process.exit(1);
  });
}

function stopSignal(): { signal: AbortSignal; promise: Promise<void> } {
  const controller = new AbortController();
  const promise = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        controller.abort();
        resolve();
        // Whatever the process waits for. Cutting off what still hangs loses nothing: all state is in the store.
        setTimeout(() => process.exit(0), lastMoment).unref();
        process.once(name, () => process.exit(1));
      });
    }
  });
  return { signal: controller.signal, promise };
}

/**
 * Prints what the operator needs next. Returns the line with the link for the first operator; `null` if there is an
 * operator, or no terminal. The link is a secret: it is printed on a terminal and never logged.
 */
async function announce(config: Config, { services }: Running): Promise<string | null> {
  const { log, store } = services;
  const { database, origin } = config;
  const sandbox = sandboxServices(config);
  log.info(`Flowcept is running at ${origin}`);
  log.info(
    database.kind === 'libsql'
      ? `Data: ${database.path}, AES-256, key in ${database.path}.key`
      : 'Data: MongoDB',
  );
  const warning = await keyFileWarning(config);
  if (warning !== null) log.warn(warning);
  if (sandbox.includes('mail')) log.info(`Sandbox mailbox: ${origin}/sandbox/mailbox`);
  if (sandbox.length > 0 && !isLoopbackName(config.host)) {
    log.warn(
      `HOST ${config.host} accepts connections from other machines, but these services are simulated: ${sandbox.join(', ')}. Sandbox pages answer only this machine.`,
    );
  }
  try {
    if (await store.hasOperator()) return null;
    if (!process.stdout.isTTY) {
      log.info(
        'There is no operator yet. `node bin/flowcept.js claim` prints a link that creates one.',
      );
      return null;
    }
    const link = `Create the operator account within ${claimMinutes} minutes: ${await offerClaim(services)}`;
    print(link);
    return link;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn(
      { reason: error.message },
      'The link for the operator account could not be created. Run `node bin/flowcept.js claim` to get one.',
    );
    return null;
  }
}

/** Prints the link again below the output of the first run of the checks, which fills the terminal. */
async function repeatBelowChecks(
  link: string,
  { services: { trust, store } }: Running,
  signal: AbortSignal,
): Promise<void> {
  try {
    do await sleep(2_000, undefined, { signal });
    while (await trust.isRunning());
    if (await store.hasOperator()) return;
    const { view } = await trust.current();
    print(`${checksFinished(view.claims)} ${link}`);
  } catch (error) {
    if (!signal.aborted && !(error instanceof StoreUnavailable)) throw error;
  }
}
