import { expect, test } from 'vitest';
import { minute, day } from '../../clock.ts';
import type { SignedEntry } from '../../records.ts';
import {
  actionsOf,
  begin,
  insertAccount,
  knowsDevice,
  type Open,
  type Stores,
  useStores,
} from './opened.ts';
import {
  aLink,
  aMail,
  anEvent,
  anIdentity,
  aNotice,
  aSession,
  aSignUp,
  at,
  hashed,
  passwordHash,
  anUndoing,
} from './samples.ts';

/** The evidence log, password hashes, and erasing the data of canary accounts. */
export function trustContract(open: Open): void {
  const stores = useStores(open, 'each-time');
  evidenceLogContract(stores);
  hashesContract(stores);
  erasingContract(stores);
}

function evidenceLogContract(stores: Stores): void {
  const append = async (...links: SignedEntry[]): Promise<void> => {
    for (const link of links) expect(await stores.store.appendEntry(link)).toBe(true);
  };
  const whole = (store = stores.second): Promise<SignedEntry[]> => store.entriesAfter(0, 1000);

  test('an empty log has no newest entry', async () => {
    expect(await stores.store.newestEntry()).toBeNull();
    expect(await whole()).toEqual([]);
    expect(await stores.store.checkpointBefore(at(1000 * day))).toBeNull();
  });

  test('entries are stored unchanged in their order, and read in pages', async () => {
    const links = [1, 2, 3, 4, 5].map((seq) =>
      aLink({ seq, at: at(-seq * minute), checkpoint: seq % 2 === 1 }),
    );
    await append(...links);
    expect(await stores.second.newestEntry()).toEqual(links[4]);
    expect(await whole()).toEqual(links);
    expect(await stores.second.entriesAfter(1, 2)).toEqual(links.slice(1, 3));
    expect(await stores.second.entriesAfter(5, 10)).toEqual([]);
  });

  test('only the next entry is accepted: no duplicate, no gap, and none before the first', async () => {
    await append(aLink({ seq: 1 }), aLink({ seq: 2 }));
    const before = await whole();
    for (const seq of [0, 1, 2, 4, 100, -1])
      expect(await stores.second.appendEntry(aLink({ seq }))).toBe(false);
    expect(await whole()).toEqual(before);
  });

  test('of thirty processes that append to the same entry at the same time one succeeds', async () => {
    for (const seq of [1, 2]) {
      const appended = await stores.race(30, (store) => store.appendEntry(aLink({ seq })));
      expect(appended.filter(Boolean)).toHaveLength(1);
    }
    expect((await whole()).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('two processes that retry until they succeed leave no gap and lose nothing', async () => {
    const links = await stores.race(16, async (store) => {
      for (;;) {
        const link = aLink({ seq: ((await store.newestEntry())?.seq ?? 0) + 1 });
        if (await store.appendEntry(link)) return link;
      }
    });
    expect(await whole()).toEqual(links.toSorted((a, b) => a.seq - b.seq));
    expect(new Set(links.map(({ seq }) => seq)).size).toBe(16);
  });

  test('the newest checkpoint at or before a time is found', async () => {
    await append(
      ...[0, 1, 1, 3].map((minutes, n) =>
        aLink({ seq: n + 1, at: at(minutes * minute), checkpoint: minutes !== 0 }),
      ),
      aLink({ seq: 5, at: at(4 * minute) }),
    );
    const found = await Promise.all(
      [0, 1, 2, 3, 100].map((minutes) => stores.second.checkpointBefore(at(minutes * minute))),
    );
    expect(found).toEqual([null, 3, 3, 4, 4]);
    expect(await stores.second.checkpointBefore(at(minute - 1))).toBeNull();
  });

  test('purging never removes entries', async () => {
    await append(aLink({ seq: 1 }), aLink({ seq: 2, checkpoint: true }));
    await stores.store.purge(at(1000 * day));
    expect(await whole()).toHaveLength(2);
  });
}

async function everyHash(stores: Stores): Promise<string[]> {
  const hashes: string[] = [];
  for await (const hash of stores.store.eachPasswordHash()) hashes.push(hash);
  return hashes.toSorted();
}

function hashesContract(stores: Stores): void {
  test('the password hashes of accounts and open sign-ups are read', async () => {
    expect(await everyHash(stores)).toEqual([]);
    await insertAccount(stores, { passwordHash: passwordHash('of an account') });
    await insertAccount(stores, { passwordHash: null });
    await stores.store.openSignUp(aSignUp({ passwordHash: passwordHash('of a sign-up') }));
    expect(await everyHash(stores)).toEqual(
      [passwordHash('of a sign-up'), passwordHash('of an account')].toSorted(),
    );
  });

  test('more hashes than fit into one page are read during concurrent writes', async () => {
    const many = Array.from({ length: 450 }, (_, n) =>
      aSignUp({ passwordHash: passwordHash(`number ${n}`) }),
    );
    for (let n = 0; n < many.length; n += 15)
      await Promise.all(many.slice(n, n + 15).map((each) => stores.store.openSignUp(each)));
    const seen = new Set<string>();
    for await (const hash of stores.store.eachPasswordHash()) {
      seen.add(hash);
      if (seen.size % 100 === 0) await stores.second.insertMail(aMail());
    }
    expect(seen).toEqual(new Set(many.map(({ signUp }) => signUp.passwordHash)));
  });

  test('a hash that moves from its sign-up to an account in the meantime is not missed', async () => {
    await insertAccount(stores, { passwordHash: passwordHash('of an account') });
    const { signUp, challenge, ...rest } = aSignUp({ passwordHash: passwordHash('that moves') });
    await stores.store.openSignUp({ signUp, challenge, ...rest });
    const seen = new Set<string>();
    for await (const hash of stores.store.eachPasswordHash()) {
      seen.add(hash);
      if (seen.size > 1) continue;
      await stores.second.redeemSignUp({
        challengeId: challenge.id,
        codeHash: challenge.codeHash,
        accountId: 'a',
        event: anEvent(),
        now: at(0),
      });
    }
    expect(seen).toContain(passwordHash('that moves'));
  });

  test('reading the hashes can be stopped early', async () => {
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
  test('erasing removes everything about the addresses of a domain, and its hold', async () => {
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
    const identity = anIdentity({ accountId: account.id });
    await store.connectIdentity({
      identity,
      sessionId: session.id,
      notice: aNotice(account.id, { mail: { to: account.email } }),
    });
    await store.eraseDomain(domain);

    expect(await second.findAccount(account.id)).toBeNull();
    expect(await second.listIdentities(account.id)).toEqual([]);
    expect(await second.findAccountByEmail(account.email)).toBeNull();
    expect(await second.findSession(session.tokenHash)).toBeNull();
    expect(await second.listSessions(account.id, at(0))).toEqual([]);
    expect(await knowsDevice({ store: second }, hashed('laptop'), account.id)).toBe(false);
    expect(await second.findChallenge(opened.challenge.id)).toBeNull();
    expect(await second.newestSignUp(opened.signUp.email, at(0))).toBeNull();
    expect(await second.keptMail(null)).toEqual([]);
    expect(await everyHash(stores)).toEqual([]);
    expect(await second.listEvents({ accountId: account.id, before: null, limit: 10 })).toEqual([]);
    await insertAccount(stores, account);
    expect(
      await second.redeemUndo(
        anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(0) }),
      ),
    ).toBeNull();
    const delayed = aMail({ to: `d@${domain}` });
    await store.insertMail(delayed);
    expect(await second.claimMail(at(0), at(minute))).toMatchObject({ id: delayed.id });
  });

  test('erasing a domain leaves all other addresses unchanged, also those with similar names', async () => {
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
    for (const domain of ['probe.test', 'probe_test', '%', '', '.*'])
      await store.eraseDomain(domain);
    for (const { account, session, opened, undo } of kept) {
      expect(await second.findSession(session.tokenHash)).toEqual({
        session,
        account,
        enrolmentRequiredFrom: null,
      });
      expect(await second.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
      expect(await actionsOf(stores, account.id)).toEqual({
        'operator.claimed': 1,
        'session.begun': 1,
      });
      expect(
        await second.redeemUndo(
          anUndoing({ tokenHash: undo.tokenHash, event: anEvent(), now: at(0) }),
        ),
      ).not.toBeNull();
    }
  });
}
