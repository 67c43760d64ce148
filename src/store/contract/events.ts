import { expect, test } from 'vitest';
import { minute, hour, day } from '../../clock.ts';
import type { Account, SecurityEvent } from '../../records.ts';
import type { Store } from '../port.ts';
import type { Undo } from '../port/events.ts';
import { begin, insertAccount, knowsDevice, type Open, type Stores, useStores } from './opened.ts';
import {
  aChallenge,
  aDevice,
  aMail,
  anAccount,
  anEvent,
  aNotice,
  anUndo,
  anUndoing,
  aSession,
  aSignUp,
  at,
  byPassword,
  claiming,
  hashed,
  noLimit,
  passwordHash as hashOf,
  unique,
} from './samples.ts';

/** The audit log: an event is stored exactly if its action took place. */
export function eventsContract(open: Open): void {
  const stores = useStores(open, 'once');
  listingContract(stores);
  recordingContract(stores);
  limitedNoticesContract(stores);
  nothingHappenedContract(stores);
  allOrNothingContract(stores);
}

const listed = (store: Store, accountId: string): Promise<SecurityEvent[]> =>
  store.listEvents({ accountId, before: null, limit: 100 });

/** An account made without a claim, so without any event yet. */
async function signedUp({ store }: Stores): Promise<{ account: Account; event: SecurityEvent }> {
  const opened = aSignUp({ createdAt: at(-minute) });
  await store.openSignUp(opened);
  const event = anEvent({ action: 'account.created', actorId: null, at: at(-minute) });
  const input = {
    challengeId: opened.challenge.id,
    codeHash: opened.challenge.codeHash,
    accountId: event.accountId,
    event,
    now: at(-minute),
  };
  const redeemed = await store.redeemSignUp(input);
  if (redeemed.kind !== 'redeemed') throw new Error('The sign-up of a sample was not redeemed.');
  return { account: redeemed.account, event };
}

async function record({ store }: Stores, ...events: SecurityEvent[]): Promise<void> {
  for (const event of events)
    await store.renameAccount({ accountId: event.accountId, name: 'Ada', event });
}

/** All events of an account, read in pages of this size. */
async function inPages(store: Store, accountId: string, limit: number): Promise<SecurityEvent[]> {
  const all: SecurityEvent[] = [];
  for (let before: string | null = null; ; before = all.at(-1)?.id ?? null) {
    const page: SecurityEvent[] = await store.listEvents({ accountId, before, limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

function listingContract(stores: Stores): void {
  test('an account’s events are listed as recorded, newest first, without those of other accounts', async () => {
    const { account, event: first } = await signedUp(stores);
    const other = await insertAccount(stores);
    const made = {
      accountId: account.id,
      at: at(minute),
      action: 'session.ended',
      actorId: other.id,
      target: 'a session',
      address: '2001:db8::1',
      device: 'Safari on iPad',
    };
    const [newer, older] = [
      anEvent(made),
      anEvent({ accountId: account.id, actorId: null, address: '', device: '' }),
    ];
    await record(stores, newer, older, anEvent({ accountId: other.id, at: at(hour) }));
    expect(await listed(stores.second, account.id)).toEqual([newer, older, first]);
    expect(await listed(stores.store, 'no-account')).toEqual([]);
  });

  test('a page continues before the given event, also among events of the same instant', async () => {
    const { account, event: first } = await signedUp(stores);
    const instants = [3, 3, 3, 1, 2, 2, 2, 2, 2, 1, 4];
    const events = instants.map((n) => anEvent({ accountId: account.id, at: at(n * minute) }));
    await record(stores, ...events);
    const all = await listed(stores.store, account.id);
    const ids = (some: readonly SecurityEvent[]): string[] => some.map(({ id }) => id).toSorted();
    expect(all.map(({ at: time }) => time)).toEqual(
      [4, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1].map((n) => at(n * minute)).concat(first.at),
    );
    expect(ids(all)).toEqual(ids([...events, first]));
    for (const limit of [1, 2, 3, 5, 100])
      expect(await inPages(stores.second, account.id, limit)).toEqual(all);
    expect(
      await stores.store.listEvents({
        accountId: account.id,
        before: all.at(-1)?.id ?? '',
        limit: 5,
      }),
    ).toEqual([]);
  });

  test('events recorded in the meantime do not shift later pages', async () => {
    const { account } = await signedUp(stores);
    await record(stores, ...[1, 2, 3].map((n) => anEvent({ accountId: account.id, at: at(n) })));
    const [newest, ...rest] = await listed(stores.store, account.id);
    await record(stores, anEvent({ accountId: account.id, at: at(hour) }));
    expect(
      await stores.store.listEvents({ accountId: account.id, before: newest?.id ?? '', limit: 10 }),
    ).toEqual(rest);
  });

  test('no event precedes one that is unknown or of another account', async () => {
    const [{ account }, other] = [await signedUp(stores), await signedUp(stores)];
    await record(stores, anEvent({ accountId: other.account.id, at: at(day) }));
    const [foreign] = await listed(stores.store, other.account.id);
    for (const before of ['no such event', '', foreign?.id ?? '']) {
      expect(await stores.store.listEvents({ accountId: account.id, before, limit: 10 })).toEqual(
        [],
      );
    }
  });

  test('events can be limited to actions and to a minimum time, page by page', async () => {
    const { account, event: created } = await signedUp(stores);
    const renamed = [1, 2, 3, 4].map((n) =>
      anEvent({ accountId: account.id, action: n % 2 ? 'odd' : 'even', at: at(n * minute) }),
    );
    const [one, two, three, four] = renamed;
    await record(
      stores,
      ...renamed,
      ...(await signedUp(stores).then(({ account: other }) => [
        anEvent({ accountId: other.id, action: 'odd', at: at(hour) }),
      ])),
    );
    const list = (
      which: { actions?: string[]; since?: Date },
      before: string | null = null,
      limit = 10,
    ) => stores.second.listEvents({ accountId: account.id, before, limit, ...which });
    expect(await list({ actions: ['odd', 'none'] })).toEqual([three, one]);
    expect(await list({ actions: ['odd'] }, three?.id)).toEqual([one]);
    expect(await list({ actions: ['odd'] }, two?.id)).toEqual([]);
    expect(await list({ actions: [] })).toEqual([]);
    expect(await list({ since: at(2 * minute) })).toEqual([four, three, two]);
    expect(await list({ since: at(2 * minute) }, four?.id, 1)).toEqual([three]);
    expect(await list({ since: at(2 * minute), actions: ['even', 'account.created'] })).toEqual([
      four,
      two,
    ]);
    expect(await list({ since: created.at, actions: ['account.created'] })).toEqual([created]);
  });

  test('events of some actions are listed for all accounts, and an event can be recorded on its own', async () => {
    const [one, other] = [unique('action'), unique('action')];
    const events = [one, other, unique('action'), one, one].map((action, n) =>
      anEvent({ action, at: at(n % 2) }),
    );
    for (const event of events) await stores.store.recordEvent(event);
    const page = (before: string | null, limit: number) =>
      stores.second.listActions({ actions: [one, other], before, limit });
    const all = await page(null, 10);
    expect(all.map(({ at: time }) => time)).toEqual([1, 1, 0, 0].map((ms) => at(ms)));
    expect(all.map(({ id }) => id).toSorted()).toEqual(
      events
        .filter(({ action }) => [one, other].includes(action))
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(await page(all[1]?.id ?? '', 1)).toEqual([all[2]]);
    expect(await page(events[2]?.id ?? '', 1)).toEqual([]);
    expect(await listed(stores.second, events[0]?.accountId ?? '')).toEqual([events[0]]);
  });

  test('purging keeps all events', async () => {
    const { account, event } = await signedUp(stores);
    await stores.store.purge(at(1000 * day));
    expect(await listed(stores.second, account.id)).toEqual([event]);
  });
}

function recordingContract(stores: Stores): void {
  test('every event is recorded once, as given', async () => {
    const { store, second } = stores;
    const account = anAccount();
    const { id: accountId } = account;
    const event = (action: string, minutes: number): SecurityEvent =>
      anEvent({ accountId, action, at: at(minutes * minute) });
    const claim = {
      ...claiming(hashed(unique('claim')), account),
      event: event('operator.claimed', 0),
    };
    await store.insertClaim({ tokenHash: claim.tokenHash, expiresAt: at(hour) });
    await store.redeemClaim(claim);
    const [one, other, kept] = [
      aSession({ accountId }),
      aSession({ accountId }),
      aSession({ accountId }),
    ];
    const begun = [event('session.begun', 1), event('session.begun', 2), event('session.begun', 3)];
    for (const [n, session] of [one, other, kept].entries())
      await begin(store, session, { event: begun[n] ?? anEvent() });
    const confirmed = event('session.confirmed', 4);
    await store.confirmSession({
      accountId: one.accountId,
      by: byPassword(account),
      id: one.id,
      from: one.tokenHash,
      to: hashed(unique('token')),
      at: at(0),
      event: confirmed,
    });
    const ended = event('session.ended', 5);
    await store.endSession({ accountId, id: other.id, event: ended });
    const othersEnded = event('session.others-ended', 6);
    await store.endOtherSessions({ accountId, keepId: kept.id, event: othersEnded });
    const renamed = event('account.renamed', 7);
    await store.renameAccount({ accountId, name: 'Grace', event: renamed });
    const notice = aNotice(accountId, { event: event('password.changed', 8) });
    await store.changePassword({
      continued: null,
      accountId,
      from: account.passwordHash ?? hashOf('none'),
      to: hashOf('changed'),
      notice,
    });
    expect(await listed(second, accountId)).toEqual([
      notice.event,
      renamed,
      othersEnded,
      ended,
      confirmed,
      ...begun.toReversed(),
      claim.event,
    ]);
  });
}

function nothingHappenedContract(stores: Stores): void {
  test('no event is recorded if nothing changed', async () => {
    const { store } = stores;
    const { account, event: created } = await signedUp(stores);
    const { id: accountId, email } = account;
    const session = aSession({ accountId });
    const begun = anEvent({ accountId, action: 'session.begun' });
    await begin(store, session, { event: begun });
    const event = (): SecurityEvent => anEvent({ accountId });

    expect(await store.endSession({ accountId, id: 'no such session', event: event() })).toBe(
      false,
    );
    expect(
      await store.endSession({ accountId: 'another-account', id: session.id, event: event() }),
    ).toBe(false);
    expect(await store.endOtherSessions({ accountId, keepId: session.id, event: event() })).toBe(0);
    expect(
      await store.confirmSession({
        accountId: session.accountId,
        by: byPassword(account),
        id: session.id,
        from: hashed('stale'),
        to: hashed('next'),
        at: at(0),
        event: event(),
      }),
    ).toBe('gone');
    expect(
      await store.redeemClaim({
        ...claiming(hashed('no such claim'), anAccount()),
        event: event(),
      }),
    ).toEqual({ kind: 'over' });
    const tokenHash = hashed(unique('claim'));
    await store.insertClaim({ tokenHash, expiresAt: at(hour) });
    expect(
      await store.redeemClaim({ ...claiming(tokenHash, anAccount({ email })), event: event() }),
    ).toEqual({ kind: 'taken' });

    const late = aSignUp({ email });
    await store.openSignUp(late);
    for (const codeHash of [hashed('wrong'), hashed('right'), hashed('right')]) {
      const answer = await store.redeemSignUp({
        challengeId: late.challenge.id,
        codeHash,
        accountId,
        event: event(),
        now: at(minute),
      });
      expect(answer.kind).toBe(codeHash === hashed('wrong') ? 'wrong' : 'over');
    }
    expect(await listed(stores.second, accountId)).toEqual([begun, created]);
  });
}

function limitedNoticesContract(stores: Stores): void {
  test('beyond its limit a notice is an event alone, and the last one within it has a mail that says so', async () => {
    const { account } = await signedUp(stores);
    const { id: accountId, email } = account;
    const lastMails: string[] = [];
    const change = async (action: string, time: number) => {
      const id = unique('mail');
      const lastMail = aMail({ to: email, state: 'kept' });
      lastMails.push(lastMail.id);
      await begin(stores.store, aSession({ accountId, createdAt: at(time) }), {
        notice: aNotice(accountId, {
          event: { action, at: at(time) },
          mail: { id, to: email, state: 'kept' },
          undo: { since: at(time), expiresAt: at(time + day) },
          limit: { most: 2, since: at(time - hour), lastMail },
        }),
      });
      const kept = (await stores.second.keptMail(email)).map((mail) => mail.id);
      if (kept.includes(id)) return 'sent';
      return kept.includes(lastMail.id) ? 'sent as the last' : 'not sent';
    };
    expect(await change('factor.added', 1)).toBe('sent');
    expect(await change('factor.added', 2)).toBe('sent as the last');
    expect(await change('factor.added', 3)).toBe('not sent');
    expect(await change('factor.removed', 4), 'another action').toBe('sent');
    expect(await change('factor.added', hour), 'within an hour').toBe('not sent');
    expect(await change('factor.added', hour + 2), 'an hour after the first').toBe(
      'sent as the last',
    );
    expect(await change('factor.added', 2 * day), 'the links have expired').toBe('sent');
  });

  test('concurrent notices keep to the limit', async () => {
    const { account } = await signedUp(stores);
    const { id: accountId, email } = account;
    const notices = Array.from({ length: 12 }, () =>
      aNotice(accountId, {
        event: { action: 'factor.added' },
        mail: { to: email, state: 'kept' },
        limit: { most: 5, since: at(-hour), lastMail: aMail({ to: email, state: 'kept' }) },
      }),
    );
    await Promise.all(
      notices.map((notice, number) =>
        begin(number % 2 ? stores.store : stores.second, aSession({ accountId }), { notice }),
      ),
    );
    const kept = (await stores.second.keptMail(email)).map((mail) => mail.id);
    expect(kept).toHaveLength(5);
    expect(kept.filter((id) => notices.some(({ limit }) => limit.lastMail.id === id))).toHaveLength(
      1,
    );
  });
}

/**
 * An event whose ID already exists cannot be stored. No request can cause this; it shows that the change is not stored
 * either.
 */
function allOrNothingContract(stores: Stores): void {
  test('a change whose event cannot be stored does not take place', async () => {
    const { store, second } = stores;
    const { account, event } = await signedUp(stores);
    const { id: accountId, email } = account;
    const [session, other, third] = [
      aSession({ accountId }),
      aSession({ accountId }),
      aSession({ accountId }),
    ];
    const undos: Undo[] = [];
    const noticeOf = (undo = anUndo({ accountId })) => {
      undos.push(undo);
      return { event, mail: aMail({ to: email, state: 'kept' }), undo, limit: noLimit() };
    };
    const first = noticeOf();
    for (const each of [session, other])
      await begin(store, each, { notice: each === session ? first : null });
    const challenge = aChallenge({ purpose: 'recover', email, subjectId: accountId });
    await store.openChallenge({ challenge, mail: aMail({ to: email, challengeId: challenge.id }) });
    const before = {
      events: await listed(store, accountId),
      sessions: await store.listSessions(accountId, at(0)),
      kept: await store.keptMail(email),
    };

    const from = account.passwordHash ?? hashOf('none');
    const device = hashed('phone');
    const attempts = [
      () =>
        begin(store, third, {
          event,
          notice: noticeOf(),
          device: aDevice(device),
          replacing: other.id,
        }),
      () =>
        begin(store, third, {
          notice: noticeOf(first.undo),
          device: aDevice(device),
          replacing: other.id,
        }),
      () => store.endSession({ accountId, id: session.id, event }),
      () => store.endOtherSessions({ accountId, keepId: session.id, event }),
      () =>
        store.confirmSession({
          accountId: session.accountId,
          by: byPassword(account),
          id: session.id,
          from: session.tokenHash,
          to: hashed('next'),
          at: at(0),
          event,
        }),
      () => store.renameAccount({ accountId, name: 'Grace', event }),
      () =>
        store.changePassword({
          continued: null,
          accountId,
          from,
          to: hashOf('changed'),
          notice: noticeOf(),
        }),
      () =>
        store.redeemRecovery({
          challengeId: challenge.id,
          codeHash: hashed('right'),
          complete: async () => ({ passwordHash: hashOf('new'), notice: noticeOf() }),
          now: at(0),
        }),
      () => store.redeemUndo(anUndoing({ tokenHash: first.undo.tokenHash, event, now: at(0) })),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow();

    expect({
      events: await listed(second, accountId),
      sessions: await second.listSessions(accountId, at(0)),
      kept: await second.keptMail(email),
    }).toEqual(before);
    expect(await second.findAccount(accountId)).toEqual(account);
    expect(await knowsDevice({ store: second }, device, accountId)).toBe(false);
    expect(await second.findChallenge(challenge.id)).toMatchObject({ endedAt: null });
    const worked: Undo[] = [];
    for (const undo of new Set(undos))
      if (
        (await second.redeemUndo(
          anUndoing({ tokenHash: undo.tokenHash, event: anEvent(), now: at(0) }),
        )) !== null
      )
        worked.push(undo);
    expect(worked).toEqual([first.undo]);
  });
}
