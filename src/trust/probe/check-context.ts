import type { SecureVersion } from 'node:tls';
import { addMs, systemClock, type Clock } from '../../clock.ts';
import type { DatabaseAddress } from '../claims/database-address.ts';
import { makeAddresses } from './addresses.ts';
import { becomeMember, makeCanary, type Canary, type Place } from './canary.ts';
import { answerOf, requestTo, type CheckRequest, type CheckResponse } from './exchange.ts';
import type { FactorCensus } from './factor-census.ts';
import type { MongoFacts } from './mongo-facts.ts';
import { remember, type Recorder } from './recording.ts';
import type { SecretScan } from './secret-scan.ts';
import type { StorageFile } from './storage-files.ts';
import type { SuiteAnswer } from './suite-offer.ts';
import type { CreateTestInstance, TestInstance } from './test-instance.ts';
import type { Handshake, TlsProbe } from './tls-probe.ts';

/** What a check is told about the deployment. It must observe everything else. */
export interface Site {
  origin: string;
  /** Cookies must be `Secure`. */
  secure: boolean;
  /** This process sends the responses, so its log contains their references. */
  answersHere: boolean;
  /** The site is served to its own machine only, so its certificate may be self-signed. */
  loopback: boolean;
  /** Number of trusted proxies in front of the server. */
  proxies: number;
  database: DatabaseAddress;
  /** The sign-in providers that are configured. */
  providers: readonly string[];
  routes: readonly Route[];
}
export interface Route {
  method: string;
  path: string;
  needs: string;
  /** `null` if the route takes no body. */
  body: BodyShape | null;
  /** Names of the query parameters. */
  query: readonly string[];
  /** Number of requests allowed per address and window; `null` if not limited. */
  limit: number | null;
}
export interface BodyShape {
  /** `kind` is a JSON Schema type, or `any`. */
  fields: readonly { name: string; required: boolean; kind: string }[];
  /** Unknown fields are rejected. */
  strict: boolean;
}

/**
 * Everything that a check may use. A check imports no feature: it examines over HTTP, or reads through these methods.
 */
export interface CheckContext {
  readonly site: Site;
  /** A new visitor with its own address. */
  canary(): Promise<Canary>;
  /**
   * A visitor with a verified account, signed in. All checks of a run share this one and the other one, because a
   * sign-up costs a hash and a mail. Each check gets its own session.
   */
  member(which?: 'one' | 'other'): Promise<Canary>;
  /** A random secret, which cannot be guessed. */
  word(): Promise<string>;
  passwordHashes(): Promise<readonly string[]>;
  factorCensus(): Promise<FactorCensus>;
  /** Searches the database file and the files next to it for these words. */
  storageFiles(words: readonly string[]): Promise<readonly StorageFile[]>;
  /** Lines of this process’s log that contain one of these words. */
  logLines(words: readonly string[]): Promise<readonly string[]>;
  mongo(): Promise<MongoFacts>;
  /** The response of the same deployment over plain HTTP. */
  plainAnswer(request: CheckRequest): Promise<CheckResponse>;
  handshake(version: SecureVersion): Promise<Handshake>;
  /** The handshake with a server that speaks only TLS 1.0. */
  handshakeWithOldServer(version: SecureVersion): Promise<Handshake>;
  /** Offers these suites of TLS 1.2 only. The kind names what they have in common. */
  offerSuites(kind: string, suites: readonly number[]): Promise<SuiteAnswer>;
  /** Searches what runs and what is served for secrets. */
  secretScan(): Promise<SecretScan>;
  /**
   * Creates a test instance: the same code on a temporary store. `broken`: its store fails with this message.
   * `requiresFactor`: a second factor is required of every account without exception.
   */
  testInstance(options?: { broken?: string; requiresFactor?: boolean }): TestInstanceContext;
}

export interface TestInstanceContext {
  canary(): Promise<Canary>;
  now(): Date;
  /** Advances the test instance’s clock, which does not run by itself. */
  pass(milliseconds: number): void;
  logLines(words: readonly string[]): Promise<readonly string[]>;
  /** What was passed to its store and contains one of these words. */
  handedToStore(words: readonly string[]): Promise<readonly string[]>;
  /** Requests to its mock providers so far. */
  outgoing(): Promise<readonly string[]>;
  /** Tokens issued to it by the mock providers so far. */
  tokensGiven(): Promise<readonly string[]>;
}

/** Where a check context gets its data in a real run. A replay does not use it. */
export interface Sources {
  site: Site;
  /** This deployment, as any client reaches it. */
  here: Place;
  /** Shared by the checks of this run. */
  memory: Map<string, Promise<unknown>>;
  passwordHashes(): AsyncIterable<string>;
  factorCensus(): Promise<FactorCensus>;
  storageFiles(words: readonly string[]): Promise<readonly StorageFile[]>;
  logLines(): readonly string[];
  mongo(): Promise<MongoFacts>;
  sendPlain(request: CheckRequest): Promise<CheckResponse>;
  tlsProbe: TlsProbe;
  secretScan(): Promise<SecretScan>;
  createTestInstance: CreateTestInstance;
  /** Called with every test instance that was created, in order to close it. */
  keep(testInstance: TestInstance): void;
}

/** Creates a check context that observes through `see`: the real deployment or a recording. */
export function makeCheckContext(see: Recorder, sources: Sources): CheckContext {
  const { site, here, memory } = sources;
  let canaries = 0;
  let testInstances = 0;
  return {
    site,
    canary: () => makeCanary(see, here, `canary ${(canaries += 1)}`),
    async member(which = 'one') {
      const shared = remember(memory);
      let isNew = true;
      const seeOnce: Recorder = (kind, asked, look) =>
        see(kind, asked, () => (isNew ? shared(kind, asked, look) : look()));
      const member = await becomeMember(
        await makeCanary(seeOnce, here, which === 'one' ? 'the member' : 'the other member'),
      );
      isNew = false;
      return member;
    },
    word: () => see('word', 'a secret', async () => crypto.randomUUID().replaceAll('-', '')),
    passwordHashes: () => see('passwordHashes', 'all', () => listOf(sources.passwordHashes())),
    factorCensus: () => see('factorCensus', 'all', sources.factorCensus),
    storageFiles: (words) => see('storageFiles', 'all', () => sources.storageFiles(words)),
    logLines: (words) => see('logLines', 'here', async () => containing(sources.logLines(), words)),
    mongo: () => see('mongo', 'the database', sources.mongo),
    plainAnswer: (request) =>
      see('plainAnswer', `${request.method} ${request.path}`, () => sources.sendPlain(request)),
    handshake: (version) => see('handshake', version, () => sources.tlsProbe.handshake(version)),
    handshakeWithOldServer: (version) =>
      see('handshake', `${version} with an old server`, () =>
        sources.tlsProbe.handshakeWithOldServer(version),
      ),
    offerSuites: (kind, suites) =>
      see('suiteAnswer', kind, () => sources.tlsProbe.offerSuites(suites)),
    secretScan: () => see('secretScan', 'all', sources.secretScan),
    testInstance: (options = {}) =>
      makeTestInstanceContext(see, sources, `test instance ${(testInstances += 1)}`, options),
  };
}

function makeTestInstanceContext(
  see: Recorder,
  { site, createTestInstance, keep }: Sources,
  name: string,
  { broken: breakStore, requiresFactor = false }: { broken?: string; requiresFactor?: boolean },
): TestInstanceContext {
  const start = systemClock.now();
  let passed = 0;
  let canaries = 0;
  const clock: Clock = { now: () => addMs(start, passed) };
  const addressOf = makeAddresses();
  let made: Promise<TestInstance> | undefined;
  const testInstance = () =>
    (made ??= createTestInstance({
      clock,
      requiresFactor,
      ...(breakStore !== undefined && { breakStore }),
    }).then(kept));
  const kept = (one: TestInstance) => {
    keep(one);
    return one;
  };
  const place: Place = {
    domain: 'test-instance.invalid',
    send: async (visitor, request, cookie) =>
      answerOf(
        request,
        await (
          await testInstance()
        ).fetch(requestTo(site.origin, request, cookie), addressOf(visitor)),
      ),
    mailTo: async (address) =>
      (await (await testInstance()).takeMail(address)).map(({ text }) => text),
  };
  return {
    canary: () => makeCanary(see, place, `${name}, canary ${(canaries += 1)}`),
    now: () => clock.now(),
    pass(milliseconds) {
      passed += milliseconds;
    },
    logLines: (words) =>
      see('logLines', name, async () => containing((await testInstance()).logLines(), words)),
    outgoing: () => see('outgoing', name, async () => [...(await testInstance()).outgoing()]),
    tokensGiven: () =>
      see('tokensGiven', name, async () => [...(await testInstance()).tokensGiven()]),
    handedToStore: (words) =>
      see('handedToStore', name, async () =>
        containing((await testInstance()).handedToStore(), words),
      ),
  };
}

async function listOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function containing(lines: readonly string[], words: readonly string[]): readonly string[] {
  return lines.filter((line) => words.some((word) => line.includes(word)));
}
