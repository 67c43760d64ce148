import { beforeEach, afterEach, describe, expect, test } from 'vitest';
import { newSigner } from '../../../test/signing.ts';
import { temporaryDirectory } from '../../../test/temporary-directory.ts';
import { addMs, type Clock, minute, hour } from '../../clock.ts';
import { readConfig } from '../../config.ts';
import { makeKeyring } from '../../crypto/keyring.ts';
import { deferTrust } from '../../deployment/defer-trust.ts';
import { openLog } from '../../deployment/wire.ts';
import { makeMailer } from '../../mail/mailer.ts';
import { openLibsqlStore } from '../../store/libsql/open.ts';
import type { Store } from '../../store/port.ts';
import { StoreUnavailable } from '../../store/port/errors.ts';
import { makeEvidenceRecorder, type EvidenceRecorder } from '../evidence-log/recorder.ts';
import { newCanaryDomain, openCanaryDomain } from '../probe/canary-domain.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Hindered, Inconclusive } from '../probe/exchange.ts';
import { makeTrust, type TrustParts } from '../trust.ts';
import { makeProgress } from './progress.ts';
import { makeRunLease } from './run-lease.ts';
import { runOnce, type RunnerParts } from './runner.ts';
import { dueChecks } from './schedule.ts';

const signer = newSigner();
let parts: RunnerParts;
let second: Store;
let moved: number;

beforeEach(async () => {
  const path = `${await temporaryDirectory()}/flowcept.db`;
  const open = () => openLibsqlStore({ path, encryptionKey: 'ab'.repeat(32) });
  const store = await open();
  second = await open();
  await store.prepare();
  moved = 0;
  const clock: Clock = { now: () => addMs(new Date(), moved) };
  // No server listens on this port.
  const config = readConfig({ PORT: '1', DATABASE_URL: `file:${path}` });
  const keyring = makeKeyring([{ id: 'k', key: Buffer.alloc(32, 7) }]);
  const createTestInstance = () => Promise.reject(new Error('No test instance today.'));
  parts = {
    config,
    store,
    keyring,
    clock,
    ...openLog({ logLevel: 'info' }, { write: () => {} }),
    routes: [],
    createTestInstance,
    mongoProbe: null,
  };
});
afterEach(async () => {
  await parts.store.close();
  await second.close();
});

/** A check that calls this function and then passes. */
function check(
  doing: Check['examine'] = async () => judge({ faults: [], holds: 'yes', examined: 1 }),
  given: Partial<Check> = {},
): Check {
  const examine: Check['examine'] = async (context) => {
    const lines = await context.logLines(['never logged']);
    return lines.length > 0
      ? judge({ faults: ['broken'], holds: '', examined: 1 })
      : doing(context);
  };
  const broken = { where: 'that is broken', tamper: { logLines: () => ['broken'] } };
  return {
    id: 'it',
    version: '1',
    title: 'It',
    method: 'TEST',
    vantage: 'internal',
    ...fourTimesADay,
    limits: '',
    controls: [broken],
    examine,
    ...given,
  };
}

interface Given {
  store?: Store;
  trigger?: 'operator' | 'schedule';
  stopping?: AbortSignal;
}
function run(
  checks: readonly Check[],
  {
    store = parts.store,
    trigger = 'operator',
    stopping = new AbortController().signal,
  }: Given = {},
): Promise<boolean> {
  const own = { ...parts, store };
  return runOnce(own, {
    trigger,
    choose: () => checks,
    build: 'one',
    records: recordsOf(store),
    lease: makeRunLease(own),
    progress: makeProgress(),
    stopping,
  });
}

function recordsOf(store = parts.store): EvidenceRecorder {
  return makeEvidenceRecorder({
    ...parts,
    store,
    signer,
    build: 'one',
    checks: [],
    declared: [],
    statuses: () => ({}),
  });
}
const lastRun = async () => (await recordsOf().read()).state.lastRun;

/** Ordered by time, then by name. */
const recorded = async () =>
  (await recordsOf().read()).observations.toSorted(
    (a, b) => a.collectedAt.getTime() - b.collectedAt.getTime() || a.check.localeCompare(b.check),
  );
const seen = async () =>
  (await recorded()).map(({ check, outcome, reason }) => ({ check, outcome, reason }));

describe('a run', () => {
  test('records itself and all its observations at its end, in one entry', async () => {
    await run([check(), check(undefined, { id: 'other', ttl: hour })]);
    const last = await lastRun();
    expect(last).toMatchObject({ trigger: 'operator' });
    const observations = await recorded();
    expect(observations.sort((a, b) => a.check.localeCompare(b.check))).toMatchObject([
      { check: 'it', outcome: 'true', controlCaught: true, build: 'one', checkVersion: '1' },
      { check: 'other', outcome: 'true' },
    ]);
    for (const { collectedAt, expiresAt, check: id } of observations)
      expect(expiresAt.getTime() - collectedAt.getTime()).toBe(id === 'it' ? 24 * hour : hour);
  });

  test('continues after a check that throws, whose cause is only in the log', async () => {
    const breaks = check(async () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3')), {
      id: 'breaks',
    });
    const gives = check(async () => Promise.reject(new Inconclusive('Nothing came.')), {
      id: 'gives up',
    });
    await run([breaks, gives, check()]);
    expect((await seen()).sort((a, b) => a.check.localeCompare(b.check))).toEqual([
      {
        check: 'breaks',
        outcome: 'error',
        reason: 'The check could not be completed. The server log has the cause.',
      },
      { check: 'gives up', outcome: 'error', reason: 'Nothing came.' },
      { check: 'it', outcome: 'true', reason: 'yes' },
    ]);
    expect(
      parts.remembered.lines().filter((line) => line.includes('ECONNREFUSED 10.1.2.3')),
    ).toHaveLength(1);
  });

  test('keeps an earlier success when rate limits prevent a check, but only while it is valid', async () => {
    const hindered = check(async () => Promise.reject(new Hindered('Too many attempts.')));
    await run([hindered]);
    expect(await seen()).toEqual([
      { check: 'it', outcome: 'unknown', reason: 'Too many attempts.' },
    ]);
    await run([check()]);
    await run([hindered]);
    expect(await seen()).toHaveLength(2);
    moved = 25 * hour;
    await run([hindered]);
    expect((await seen()).at(-1)).toEqual({
      check: 'it',
      outcome: 'unknown',
      reason: 'Too many attempts.',
    });
  });

  test('is not recorded if the schedule started it and it observed nothing', async () => {
    await run([check()]);
    const before = await lastRun();
    const hindered = check(async () => Promise.reject(new Hindered('Too many attempts.')));
    await run([hindered], { trigger: 'schedule' });
    expect(await lastRun()).toEqual(before);
    await run([hindered]);
    expect(await lastRun()).not.toEqual(before);
  });

  test('takes place once at a time across all processes', async () => {
    let inside = 0;
    let most = 0;
    const slow = check(async () => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      inside -= 1;
      return judge({ faults: [], holds: 'yes', examined: 1 });
    });
    await Promise.all(
      [parts.store, second, parts.store, second].map((store) => run([slow], { store })),
    );
    expect(most).toBe(1);
    expect(await seen()).toHaveLength(1);
  });

  test('that is stopped records nothing and releases the run lease', async () => {
    const stop = new AbortController();
    const slow = check(() => {
      stop.abort();
      return new Promise(() => {});
    });
    await run([slow], { stopping: stop.signal });
    expect(await lastRun()).toBeNull();
    expect(await makeRunLease({ ...parts, store: second }).isTaken()).toBe(false);
  });

  test('closes every test instance, even if its check throws', async () => {
    let open = 0;
    const createTestInstance = async () => {
      open += 1;
      return {
        fetch: async () => Promise.reject(new Error('broken')),
        takeMail: async () => [],
        logLines: () => [],
        handedToStore: () => [],
        outgoing: () => [],
        tokensGiven: () => [],
        close: async () => void (open -= 1),
      };
    };
    parts = { ...parts, createTestInstance };
    await run([
      check(async (context) => {
        const canary = await context.testInstance().canary();
        await canary.send({ method: 'GET', path: '/' });
        return judge({ faults: [], holds: 'yes', examined: 1 });
      }),
    ]);
    expect(open).toBe(0);
    expect(await seen()).toMatchObject([{ outcome: 'error' }]);
  });
});

describe('the canary accounts of a run', () => {
  const mailTo = (to: string) =>
    makeMailer({ ...parts, wake: () => {} }).compose({
      to,
      message: { subject: 's', text: 'Your code\n\n123456\n', html: '' },
      challengeId: null,
      expiresAt: addMs(parts.clock.now(), hour),
    });
  const anotherProcess = () =>
    parts.store.claimMail(addMs(parts.clock.now(), 10 * minute), addMs(parts.clock.now(), hour));

  test('receive their mail, which the queue never delivers', async () => {
    const { domain, mailTo: read, close } = await openCanaryDomain(parts, newCanaryDomain());
    const [mine, other] = [mailTo(`a@${domain}`), mailTo(`b@${domain}`)];
    for (const mail of [mine, other]) await parts.store.insertMail(mail);
    expect(await anotherProcess()).toBeNull();
    expect(await read(`a@${domain}`)).toEqual(['Your code\n\n123456\n']);
    expect(await read(`a@${domain}`)).toHaveLength(1);
    expect(await read(`b@${domain}`)).toHaveLength(1);
    expect(await read(`c@${domain}`)).toEqual([]);
    await close();
  });

  test('are erased, even if the check that created them throws', async () => {
    const domains: string[] = [];
    const leaving = (then: () => Promise<never>) =>
      check(async (context) => {
        const { email } = await context.canary();
        domains.push(email.slice(email.indexOf('@') + 1));
        await parts.store.insertMail({ ...mailTo(email), state: 'kept' });
        expect(await parts.store.keptMail(email)).toHaveLength(1);
        return then();
      });
    await run([
      leaving(() => Promise.reject(new Error('broken'))),
      leaving(() => Promise.reject(new Hindered('limits'))),
    ]);
    await run([leaving(() => Promise.reject(new Error('broken')))]);
    expect(await parts.store.keptMail(null)).toEqual([]);
    expect(new Set(domains).size).toBe(2);
  });

  test('are recognised by their run: its domain holds the run lease, and grants nothing afterwards', async () => {
    const domains: (string | null)[] = [];
    await run([
      check(async (context) => {
        const { email } = await context.canary();
        domains.push(
          email.slice(email.indexOf('@') + 1),
          await second.leaseHolder('trust-run', parts.clock.now()),
        );
        return judge({ faults: [], holds: 'yes', examined: 1 });
      }),
    ]);
    expect(domains[0]).toMatch(/^c[0-9a-f]{32}\.canary\.invalid$/);
    expect(domains[1]).toBe(domains[0]);
    expect(await second.leaseHolder('trust-run', parts.clock.now())).toBeNull();
    expect(await second.heldDomains()).toEqual([]);
  });

  test('are erased, even after a run was killed', async () => {
    const killed = await openCanaryDomain(parts, newCanaryDomain());
    await parts.store.insertMail({ ...mailTo(`a@${killed.domain}`), state: 'kept' });
    const next = await openCanaryDomain({ ...parts, store: second }, newCanaryDomain());
    expect(await parts.store.keptMail(null)).toEqual([]);
    await parts.store.insertMail({ ...mailTo(`a@${next.domain}`), state: 'kept' });
    await next.close();
    expect(await parts.store.keptMail(null)).toEqual([]);
    expect(next.domain).not.toBe(killed.domain);
  });
});

describe('the schedule', () => {
  const often = check(undefined, { id: 'often', cadence: 15 * minute, ttl: hour });
  const rare = check(undefined, { id: 'rare' });
  const due = async (build = 'one') => {
    const { observations } = await recordsOf().read();
    return dueChecks([often, rare], { observations, build, now: parts.clock.now() }).map(
      ({ id }) => id,
    );
  };

  test('runs each check when it is due, whichever process ran it last', async () => {
    expect(await due()).toEqual(['often', 'rare']);
    await run([often, rare], { store: second });
    expect(await due()).toEqual([]);
    expect(await due('two')).toEqual(['often', 'rare']);
    moved = 14 * minute;
    expect(await due()).toEqual([]);
    moved = 15 * minute + 1_000;
    expect(await due()).toEqual(['often']);
    moved = 6 * hour + 1_000;
    expect(await due()).toEqual(['often', 'rare']);
  });

  test('repeats an inconclusive or failed check soon, with growing pauses', async () => {
    const failing = {
      ...rare,
      examine: async () => judge({ faults: ['no'], holds: '', examined: 1 }),
    };
    for (const minutes of [5, 10, 20]) {
      await run([failing]);
      moved += (minutes - 1) * minute;
      expect(await due()).toEqual(['often']);
      moved += minute + 1_000;
      expect(await due()).toEqual(['often', 'rare']);
    }
    await run([rare]);
    moved += 5 * hour;
    expect(await due()).toEqual(['often']);
  });

  test('keeps running after a clock was wrong', async () => {
    moved = 100 * hour;
    await run([often, rare]);
    moved = 0;
    expect(await due()).toEqual(['often', 'rare']);
  });
});

describe('a deployment', () => {
  const trustOf = (store: Store) =>
    deferTrust(() =>
      makeTrust({
        ...parts,
        store,
        signer,
        version: '1.2.3',
        commit: null,
        vercel: false,
      } satisfies TrustParts),
    );

  test('serves its page on the next request after its observations could not be read', async () => {
    let isReadable = false;
    const trust = deferTrust(async () => {
      if (!isReadable) throw new Error('EMFILE: too many open files');
      return makeTrust({ ...parts, signer, version: '1.2.3', commit: null, vercel: false });
    });
    await expect(trust.current()).rejects.toThrow('EMFILE');
    isReadable = true;
    expect((await trust.current()).view.ranAt).toBeNull();
    await trust.stop();
  });

  test('has a page before the first run, with nothing green on it', async () => {
    const { view } = await trustOf(parts.store).current();
    expect(view).toMatchObject({
      ranAt: null,
      deployment: {
        host: 'localhost:1',
        version: '1.2.3',
        build: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(new Set(view.claims.map(({ status }) => status))).toEqual(
      new Set(['unverified', 'in-progress', 'not-applicable']),
    );
    expect(view.claims.every(({ reason, history }) => reason !== '' && history.length === 30)).toBe(
      true,
    );
  });

  test('makes one first run however many processes start, and none again after a restart', async () => {
    const processes = [trustOf(parts.store), trustOf(second)];
    for (const one of processes) void one.start();
    await expect.poll(lastRun, { timeout: 20_000 }).not.toBeNull();
    const first = await lastRun();
    expect(first?.trigger).toBe('start');
    for (const one of processes) await one.stop();
    const restarted = trustOf(parts.store);
    void restarted.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await restarted.stop();
    expect(await lastRun()).toEqual(first);
    const { view } = await restarted.current();
    expect(view.ranAt).toBe(first?.endedAt.toISOString());
    expect(view.claims.filter(({ status }) => status === 'verified')).toEqual([]);
  });

  test('reports a run under way in every process', async () => {
    const now = parts.clock.now();
    await second.takeLease('trust-run', 'another process', addMs(now, 10_000), now);
    const trust = trustOf(parts.store);
    expect(await trust.isRunning()).toBe(true);
    await second.dropLease('trust-run', 'another process');
    await expect.poll(() => trust.isRunning(), { timeout: 5_000 }).toBe(false);
    const running = trust.run('operator');
    expect(await trust.isRunning()).toBe(true);
    await trust.request('cron');
    await running;
    expect(await lastRun()).toMatchObject({ trigger: 'operator' });
  });

  test('runs the checks itself if the process with the run lease stops responding, but not if it finished', async () => {
    const now = parts.clock.now();
    await second.takeLease('trust-run', 'a process that was killed', addMs(now, 1_500), now);
    await trustOf(parts.store).run('operator');
    const first = await lastRun();
    expect(first?.startedAt.getTime()).toBeGreaterThanOrEqual(now.getTime() + 1_500);
    await Promise.all([trustOf(parts.store).run('cron'), trustOf(second).run('operator')]);
    expect(await parts.store.entriesAfter(0, 10)).toHaveLength(2);
  });

  test('throws nothing and records nothing when the database becomes unavailable', async () => {
    const away = new Proxy(parts.store, {
      get: (target, name) =>
        name === 'appendEntry'
          ? () => Promise.reject(new StoreUnavailable('gone'))
          : Reflect.get(target, name),
    });
    await trustOf(away).run('operator');
    expect(await lastRun()).toBeNull();
    expect(
      parts.remembered
        .lines()
        .filter((line) => line.includes('The checks are postponed: the database does not answer.')),
    ).toHaveLength(1);
  });
});
