import { setMaxListeners } from 'node:events';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { openPepper } from '../../crypto/pepper.ts';
import { newId } from '../../crypto/token.ts';
import type { Log, RememberedLog } from '../../log.ts';
import { providers } from '../../records.ts';
import type { Store } from '../../store/port.ts';
import { databaseAddress } from '../claims/database-address.ts';
import type { TrustRun } from '../claims/observation.ts';
import { checkStatusOf } from '../claims/status.ts';
import type { EvidenceLog } from '../evidence-log/evidence-log.ts';
import type { EvidenceRecorder } from '../evidence-log/recorder.ts';
import { openCanaryDomain, type CanaryDomain } from '../probe/canary-domain.ts';
import type { Route, Sources } from '../probe/check-context.ts';
import type { Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import { makeHttpClient } from '../probe/http-client.ts';
import type { MongoFacts } from '../probe/mongo-facts.ts';
import { ownSecrets } from '../probe/own-secrets.ts';
import { scanForSecrets } from '../probe/secret-scan.ts';
import { searchStorage } from '../probe/storage-files.ts';
import type { CreateTestInstance } from '../probe/test-instance.ts';
import { makeTlsProbe } from '../probe/tls-probe.ts';
import type { Progress } from './progress.ts';
import { runChecks } from './run-checks.ts';
import type { RunLease } from './run-lease.ts';

/** Milliseconds for a whole run. With setup and erasing, a run stays below the promised two minutes. */
const timeoutMs = 100_000;

export interface RunnerParts {
  config: Config;
  store: Store;
  keyring: Keyring;
  clock: Clock;
  log: Log;
  remembered: RememberedLog;
  /** All endpoints. */
  routes: readonly Route[];
  createTestInstance: CreateTestInstance;
  /** `null` with the embedded database. */
  mongoProbe: (() => Promise<MongoFacts>) | null;
}

interface RunRequest {
  trigger: TrustRun['trigger'];
  /** Chooses the checks to run from the recorded log, once this process has the run lease. */
  choose(recorded: EvidenceLog): readonly Check[];
  build: string;
  records: EvidenceRecorder;
  lease: RunLease;
  progress: Progress;
  stopping: AbortSignal;
}

/**
 * Makes one run: examines, erases its canary accounts, and records all observations at once. A stopped run records
 * nothing. False if another process holds the run lease.
 */
export function runOnce(
  parts: RunnerParts,
  { trigger, choose, build, records, lease, progress, stopping }: RunRequest,
): Promise<boolean> {
  const { clock } = parts;
  return lease.runExclusive(async (lost, canaries) => {
    const recorded = await records.read();
    const chosen = choose(recorded);
    if (chosen.length === 0) return;
    const run = { id: newId(), trigger, startedAt: clock.now() };
    progress.begin(chosen);
    const domain = await openCanaryDomain(parts, canaries);
    const signal = AbortSignal.any([lost, stopping, AbortSignal.timeout(timeoutMs)]);
    // Every request of the run listens to this signal.
    setMaxListeners(0, signal);
    const stands = (check: Check) =>
      checkStatusOf(check, { ...recorded, build, now: clock.now() }).status === 'verified';
    const sources = sourcesOf(parts, domain, signal);
    const observe = async () => {
      try {
        return await runChecks(chosen, { ...parts, build, signal, sources, progress, stands });
      } finally {
        await domain.close();
      }
    };
    const observations = await observe();
    const isForNothing =
      observations.length === 0 && (trigger === 'start' || trigger === 'schedule');
    if (lost.aborted || stopping.aborted || isForNothing) return;
    await records.record({ ...run, endedAt: clock.now() }, observations);
  });
}

function sourcesOf(
  {
    config,
    store,
    clock,
    keyring,
    remembered,
    routes,
    createTestInstance,
    mongoProbe,
  }: RunnerParts,
  domain: CanaryDomain,
  signal: AbortSignal,
): Omit<Sources, 'keep'> {
  const { origin, secure, loopback, trustProxy, database } = config;
  const httpClient = makeHttpClient(config, signal);
  const { sendPlain } = httpClient;
  const signedUp = new Set<string>();
  const send: typeof httpClient.send = (visitor, request, cookie) => {
    if (request.path === '/api/sign-up') signedUp.add(emailOf(request.json));
    return httpClient.send(visitor, request, cookie);
  };
  return {
    site: {
      origin,
      secure,
      answersHere: loopback,
      loopback,
      proxies: trustProxy,
      database: databaseAddress(database),
      providers: providers.filter((name) => config[name] !== null),
      routes,
    },
    here: { domain: domain.domain, mailTo: domain.mailTo, send },
    memory: new Map(),
    passwordHashes: () => store.eachPasswordHash(),
    async factorCensus() {
      const rule = await store.findFactorRule();
      const [all, counted] = [
        await store.countFactors(null),
        await store.countFactors(domain.domain),
      ];
      return {
        ...counted,
        inForce: rule !== null && rule.from <= clock.now(),
        leftOut: Math.max(0, all.accounts - counted.accounts),
        signedUp: signedUp.size,
      };
    },
    storageFiles: async (words) =>
      database.kind === 'libsql' ? searchStorage(database.path, words) : [],
    logLines: () => remembered.lines(),
    mongo:
      mongoProbe ??
      (() => Promise.reject(new Inconclusive('This process cannot inspect the database.'))),
    sendPlain,
    tlsProbe: makeTlsProbe(config),
    secretScan: async () =>
      scanForSecrets(ownSecrets(config, keyring, await openPepper({ store, keyring }))),
    createTestInstance,
  };
}

function emailOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'email' in body ? String(body.email) : '';
}
