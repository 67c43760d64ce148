import { expect, test } from 'vitest';
import type { Outcome } from '../port.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import { aMail, anEvent, anObservation, aNotice, aRun, aSession, aSignUp, at, day, hashed, hour, minute, passwordHash } from './samples.ts';

/** Runs, observations, password hashes, and erasing what probes left behind. */
export function trustContract(open: Open): void {
  const stores = useStores(open, 'each-time');
  observationsContract(stores);
  hashesContract(stores);
  erasingContract(stores);
}

function observationsContract(stores: Stores): void {
  test('before the first run there is none, and nothing was seen', async () => {
    expect(await stores.store.lastRun()).toBeNull();
    expect(await stores.store.observationsSince(at(0))).toEqual([]);
  });

  test('the last run is the one that started last', async () => {
    const [newer, older] = [aRun({ startedAt: at(minute), trigger: 'cron' }), aRun()];
    await stores.store.recordRun(newer, []);
    await stores.store.recordRun(older, []);
    expect(await stores.second.lastRun()).toEqual(newer);
  });

  test('answers what was collected since then, oldest first, as it was recorded', async () => {
    const run = aRun();
    const outcomes: Outcome[] = ['false', 'not-applicable', 'unknown', 'error', 'true'];
    const seen = outcomes.map((outcome, n) => anObservation({ runId: run.id, check: `check ${n}`, outcome, controlCaught: n % 2 === 0, collectedAt: at(n * minute) }));
    await stores.store.recordRun(run, seen.toReversed());
    expect(await stores.second.observationsSince(at(0))).toEqual(seen);
  });

  test('answers of each check at least its newest verdict, however old', async () => {
    const check = (name: string, outcome: Outcome, minutes: number) => anObservation({ check: name, outcome, collectedAt: at(minutes * minute) });
    const [old, verdict, unsure] = [check('a', 'true', 0), check('a', 'false', 1), check('a', 'error', 2)];
    const [undecided, green, recent] = [check('b', 'unknown', 3), check('c', 'true', 4), check('c', 'true', 10)];
    await stores.store.recordRun(aRun(), [old, verdict, unsure, undecided, green, recent]);
    expect(await stores.store.observationsSince(at(10 * minute))).toEqual([verdict, recent]);
    expect(await stores.store.observationsSince(at(10 * minute + 1))).toEqual([verdict, recent]);
    expect(await stores.store.observationsSince(at(2 * minute))).toEqual([verdict, unsure, undecided, green, recent]);
    expect(await stores.store.observationsSince(at(0))).toHaveLength(6);
  });

  test('observations stay when they are stale, and when the store is purged', async () => {
    const observation = anObservation({ expiresAt: at(hour) });
    const run = aRun();
    await stores.store.recordRun(run, [observation]);
    await stores.store.purge(at(30 * day));
    expect(await stores.store.observationsSince(at(0))).toEqual([observation]);
    expect(await stores.store.lastRun()).toEqual(run);
  });

  test('runs that are recorded at once are all kept', async () => {
    await stores.race(10, (store, turn) => store.recordRun(aRun({ startedAt: at(turn) }), [anObservation({ collectedAt: at(turn) }), anObservation({ collectedAt: at(turn) })]));
    expect(await stores.store.observationsSince(at(0))).toHaveLength(20);
    expect(await stores.store.lastRun()).toMatchObject({ startedAt: at(9) });
  });
}

async function everyHash(stores: Stores): Promise<string[]> {
  const hashes: string[] = [];
  for await (const hash of stores.store.eachPasswordHash()) hashes.push(hash);
  return hashes.toSorted();
}

function hashesContract(stores: Stores): void {
  test('goes through the password hashes of accounts and open sign-ups', async () => {
    expect(await everyHash(stores)).toEqual([]);
    await insertAccount(stores, { passwordHash: passwordHash('of an account') });
    await insertAccount(stores, { passwordHash: null });
    await stores.store.openSignUp(aSignUp({ passwordHash: passwordHash('of a sign-up') }));
    expect(await everyHash(stores)).toEqual([passwordHash('of a sign-up'), passwordHash('of an account')].toSorted());
  });

  test('goes through more hashes than fit into one page, while others write', async () => {
    const many = Array.from({ length: 450 }, (_, n) => aSignUp({ passwordHash: passwordHash(`number ${n}`) }));
    for (let n = 0; n < many.length; n += 15) await Promise.all(many.slice(n, n + 15).map((each) => stores.store.openSignUp(each)));
    const seen = new Set<string>();
    for await (const hash of stores.store.eachPasswordHash()) {
      seen.add(hash);
      if (seen.size % 100 === 0) await stores.second.insertMail(aMail());
    }
    expect(seen).toEqual(new Set(many.map(({ signUp }) => signUp.passwordHash)));
  });

  test('a hash that moves from its sign-up to an account meanwhile is not missed', async () => {
    await insertAccount(stores, { passwordHash: passwordHash('of an account') });
    const { signUp, challenge, ...rest } = aSignUp({ passwordHash: passwordHash('that moves') });
    await stores.store.openSignUp({ signUp, challenge, ...rest });
    const seen = new Set<string>();
    for await (const hash of stores.store.eachPasswordHash()) {
      seen.add(hash);
      if (seen.size > 1) continue;
      await stores.second.redeemSignUp({ challengeId: challenge.id, codeHash: challenge.codeHash, accountId: 'a', event: anEvent(), now: at(0) });
    }
    expect(seen).toContain(passwordHash('that moves'));
  });

  test('going through the hashes can be left early', async () => {
    for (let n = 0; n < 3; n += 1) await stores.store.openSignUp(aSignUp());
    for await (const hash of stores.store.eachPasswordHash()) {
      expect(hash).toContain('bcrypt');
      break;
    }
    await stores.second.openSignUp(aSignUp());
    expect(await everyHash(stores)).toHaveLength(4);
  });
}

function erasingContract(stores: Stores): void {
  test('erases everything about the addresses of a domain, and the hold on it', async () => {
    const { store, second } = stores;
    const domain = 'probe.test';
    const account = await insertAccount(stores, { email: `a@${domain}` });
    const session = aSession({ accountId: account.id });
    const notice = aNotice(account.id, { mail: { to: account.email } });
    await begin(store, session, { notice });
    const opened = aSignUp({ email: `b@${domain}` });
    await store.openSignUp(opened);
    await store.insertMail(aMail({ to: `c@${domain}`, state: 'kept' }));
    await store.holdMail(domain, at(day));
    await store.eraseDomain(domain);

    expect(await second.findAccount(account.id)).toBeNull();
    expect(await second.findAccountByEmail(account.email)).toBeNull();
    expect(await second.findSession(session.tokenHash)).toBeNull();
    expect(await second.listSessions(account.id, at(0))).toEqual([]);
    expect(await second.knowsDevice(hashed('laptop'), account.id)).toBe(false);
    expect(await second.findChallenge(opened.challenge.id)).toBeNull();
    expect(await second.newestSignUp(opened.signUp.email, at(0))).toBeNull();
    expect(await second.keptMail(null)).toEqual([]);
    expect(await everyHash(stores)).toEqual([]);
    expect(await second.listEvents({ accountId: account.id, before: null, limit: 10 })).toEqual([]);
    await insertAccount(stores, account);
    expect(await second.redeemUndo({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(0) })).toBeNull();
    const later = aMail({ to: `d@${domain}` });
    await store.insertMail(later);
    expect(await second.claimMail(at(0), at(minute))).toMatchObject({ id: later.id });
  });

  test('erasing a domain leaves every other address alone, also of names that look alike', async () => {
    const { store, second } = stores;
    const domains = ['sub.probe.test', 'myprobe.test', 'probeXtest', 'probe.test.example'];
    const kept = [];
    for (const domain of domains) {
      const account = await insertAccount(stores, { email: `a@${domain}` });
      const session = aSession({ accountId: account.id });
      const notice = aNotice(account.id);
      await begin(store, session, { notice });
      const opened = aSignUp({ email: `probe.test@${domain}` });
      await store.openSignUp(opened);
      kept.push({ account, session, opened, undo: notice.undo });
    }
    for (const domain of ['probe.test', 'probe_test', '%', '', '.*']) await store.eraseDomain(domain);
    for (const { account, session, opened, undo } of kept) {
      expect(await second.findSession(session.tokenHash)).toEqual({ session, account });
      expect(await second.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
      expect(await actionsOf(stores, account.id)).toEqual({ 'operator.claimed': 1, 'session.begun': 1 });
      expect(await second.redeemUndo({ tokenHash: undo.tokenHash, event: anEvent(), now: at(0) })).not.toBeNull();
    }
  });
}
