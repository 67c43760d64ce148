import { expect, test } from 'vitest';
import { minute, hour, day } from '../../clock.ts';
import type { Account, Hashed, Session } from '../../records.ts';
import type { Store } from '../port.ts';
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
  address,
  aDevice,
  anEvent,
  aNotice,
  anUndoing,
  aSession,
  at,
  byPassword,
  hashed,
  passwordHash,
  unique,
} from './samples.ts';

const ids = (sessions: readonly Session[]): string[] => sessions.map(({ id }) => id);

/** Sessions and known devices. */
export function sessionsContract(open: Open): void {
  const stores = useStores(open, 'once');
  findingContract(stores);
  deviceContract(stores);
  confirmingContract(stores);
  keepingContract(stores);
  endingContract(stores);
  forgettingContract(stores);
}

function findingContract(stores: Stores): void {
  test('a session is found with its account by its token, on any connection', async () => {
    const account = await insertAccount(stores);
    const session = aSession({
      accountId: account.id,
      method: 'operator-claim',
      confirmedAt: at(-minute),
    });
    await begin(stores.store, session);
    expect(await stores.second.findSession(session.tokenHash)).toEqual({
      session,
      account,
      enrolmentRequiredFrom: null,
    });
    expect(await stores.second.findSession(hashed('no such token'))).toBeNull();
  });

  test('an account without a password is found with its session', async () => {
    const account = await insertAccount(stores, { passwordHash: null });
    const session = aSession({ accountId: account.id });
    await begin(stores.store, session);
    expect(await stores.store.findSession(session.tokenHash)).toEqual({
      session,
      account,
      enrolmentRequiredFrom: null,
    });
  });

  test('a session whose account is gone is not found', async () => {
    const session = aSession();
    await begin(stores.store, session);
    expect(await stores.store.findSession(session.tokenHash)).toBeNull();
  });

  test('using a session moves its last use forward only, and changes nothing else', async () => {
    const account = await insertAccount(stores);
    const session = aSession({ accountId: account.id });
    await begin(stores.store, session);
    await stores.store.touchSession(session.id, at(2 * minute));
    await stores.second.touchSession(session.id, at(minute));
    await stores.second.touchSession('no such session', at(minute));
    expect(await stores.store.findSession(session.tokenHash)).toEqual({
      session: { ...session, lastUsedAt: at(2 * minute) },
      account,
      enrolmentRequiredFrom: null,
    });
  });

  test('the sessions active at an instant are listed, latest use first', async () => {
    const { id: accountId } = await insertAccount(stores);
    const early = aSession({ accountId, lastUsedAt: at(3 * minute), idle: day });
    const idle = aSession({ accountId, createdAt: at(minute), idle: hour });
    const short = aSession({
      accountId,
      createdAt: at(2 * minute),
      expiresAt: at(hour),
      idle: day,
    });
    const others = aSession({ createdAt: at(2 * minute) });
    for (const session of [early, idle, short, others]) await begin(stores.store, session);
    expect(await stores.second.listSessions(accountId, at(hour - 1))).toEqual([early, short, idle]);
    expect(ids(await stores.second.listSessions(accountId, at(hour)))).toEqual([early.id, idle.id]);
    expect(ids(await stores.second.listSessions(accountId, at(hour + minute - 1)))).toEqual([
      early.id,
      idle.id,
    ]);
    expect(ids(await stores.second.listSessions(accountId, at(hour + minute)))).toEqual([early.id]);
    expect(await stores.second.findSession(short.tokenHash)).not.toBeNull();
  });

  test('an account without sessions has an empty list', async () => {
    expect(await stores.store.listSessions('no-account', at(0))).toEqual([]);
  });

  test('a device is known only to the account that signed in with it', async () => {
    const [one, other] = [await insertAccount(stores), await insertAccount(stores)];
    const device = hashed(unique('device'));
    expect(await knowsDevice(stores, device, one.id)).toBe(false);
    for (let times = 0; times < 2; times += 1)
      await begin(stores.store, aSession({ accountId: one.id }), { device: aDevice(device) });
    expect(await knowsDevice({ store: stores.second }, device, one.id)).toBe(true);
    expect(await knowsDevice({ store: stores.second }, device, other.id)).toBe(false);
    await begin(stores.store, aSession({ accountId: other.id }), { device: aDevice(device) });
    expect(await knowsDevice({ store: stores.second }, device, other.id)).toBe(true);
  });
}

function deviceContract(stores: Stores): void {
  test('a sign-in replaces the device cookie, and the old one is remembered as outdated for a while', async () => {
    const { id: accountId } = await insertAccount(stores);
    const { id: other } = await insertAccount(stores);
    const [first, next, newest] = [
      hashed(unique('device cookie')),
      hashed(unique('device cookie')),
      hashed(unique('device cookie')),
    ];
    const known = (now: number, account = accountId) =>
      stores.second.deviceCookies({
        hashes: [first, next, newest, hashed('none')],
        accountId: account,
        now: at(now),
      });
    const signIn = (
      createdAt: number,
      hash: Hashed,
      replaces: readonly Hashed[],
      account = accountId,
    ) =>
      begin(
        stores.store,
        aSession({ accountId: account, createdAt: at(createdAt), deviceFirstUsedAt: at(minute) }),
        { device: aDevice(hash, at(createdAt + 365 * day), replaces) },
      );
    const deviceCookie = (hash: Hashed, replacedAt: number | null) => ({
      hash,
      firstUsedAt: at(minute),
      replacedAt: replacedAt === null ? null : at(replacedAt),
      shared: false,
    });
    await signIn(minute, first, []);
    await signIn(minute, first, [], other);
    expect(await known(hour)).toEqual([deviceCookie(first, null)]);
    await signIn(2 * hour, next, [first, hashed('none')]);
    await signIn(3 * hour, newest, [first, next]);
    expect((await known(day)).toSorted(byReplacement)).toEqual([
      deviceCookie(first, 2 * hour),
      deviceCookie(next, 3 * hour),
      deviceCookie(newest, null),
    ]);
    expect(await known(day, other), 'the same device cookie of another account stays').toEqual([
      deviceCookie(first, null),
    ]);
    expect(await known(30 * day)).toEqual([deviceCookie(newest, null)]);
    expect(await known(365 * day + 3 * hour)).toEqual([]);
    await stores.store.purge(at(31 * day));
    expect(await known(day)).toEqual([deviceCookie(newest, null)]);
  });

  test('of concurrent sign-ins with one device cookie each gets its own, and the first replaces it', async () => {
    const { id: accountId } = await insertAccount(stores);
    const before = hashed(unique('device cookie'));
    await begin(stores.store, aSession({ accountId }), { device: aDevice(before) });
    const fresh = Array.from({ length: 6 }, () => hashed(unique('device cookie')));
    const came = await stores.race(6, (store, turn) =>
      begin(store, aSession({ accountId, createdAt: at(minute + turn) }), {
        device: aDevice(fresh[turn], at(day), [before]),
      }),
    );
    expect(came).toEqual(Array(6).fill('begun'));
    const found = await stores.second.deviceCookies({
      hashes: [before, ...fresh],
      accountId,
      now: at(hour),
    });
    expect(found.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(6);
    expect(found.filter(({ replacedAt }) => replacedAt !== null)).toMatchObject([{ hash: before }]);
  });

  test('all sessions of an account end together, with one event and notice, and no other account’s', async () => {
    const [one, other] = [await insertAccount(stores), await insertAccount(stores)];
    const sessions = [
      aSession({ accountId: one.id }),
      aSession({ accountId: one.id }),
      aSession({ accountId: other.id }),
    ];
    for (const session of sessions) await begin(stores.store, session);
    const end = (store: Store) =>
      store.endAllSessions({
        accountId: one.id,
        notice: aNotice(one.id, {
          event: { action: 'operator.sessions-ended' },
          mail: { to: one.email, state: 'kept' },
        }),
      });
    expect((await stores.race(4, end)).toSorted()).toEqual([0, 0, 0, 2]);
    expect([
      await stores.second.listSessions(one.id, at(0)),
      (await stores.second.listSessions(other.id, at(0))).length,
    ]).toEqual([[], 1]);
    expect((await stores.second.keptMail(one.email)).length).toBe(1);
    expect(await actionsOf(stores, one.id)).toMatchObject({ 'operator.sessions-ended': 1 });
  });
}

function confirmingContract(stores: Stores): void {
  test('a confirmed session continues under its new token, and is otherwise unchanged', async () => {
    const account = await insertAccount(stores);
    const session = aSession({ accountId: account.id });
    await begin(stores.store, session);
    const to = hashed(unique('token'));
    expect(
      await stores.store.confirmSession({
        accountId: session.accountId,
        by: byPassword(account),
        id: session.id,
        from: session.tokenHash,
        to,
        at: at(minute),
        event: anEvent(),
      }),
    ).toBe('confirmed');
    expect(await stores.second.findSession(session.tokenHash)).toBeNull();
    expect(await stores.second.findSession(to)).toEqual({
      session: { ...session, tokenHash: to, confirmedAt: at(minute) },
      account,
      enrolmentRequiredFrom: null,
    });
  });

  test('a session that is gone or has another token is not confirmed', async () => {
    const account = await insertAccount(stores);
    const { id: accountId } = account;
    const [session, other] = [aSession({ accountId }), aSession({ accountId })];
    for (const each of [session, other]) await begin(stores.store, each);
    const confirm = (id: string, from: Hashed) =>
      stores.store.confirmSession({
        accountId,
        by: byPassword(account),
        id,
        from,
        to: hashed(unique('token')),
        at: at(minute),
        event: anEvent(),
      });
    expect(await confirm(session.id, hashed('no such token'))).toBe('gone');
    expect(await confirm(session.id, other.tokenHash)).toBe('gone');
    expect(await confirm('no such session', session.tokenHash)).toBe('gone');
    expect(await confirm(session.id, session.tokenHash)).toBe('confirmed');
    expect(await confirm(session.id, session.tokenHash)).toBe('gone');
    await stores.store.endSession({ accountId, id: other.id, event: anEvent() });
    expect(await confirm(other.id, other.tokenHash)).toBe('gone');
    expect(await stores.store.findSession(other.tokenHash)).toBeNull();
  });

  test('of thirty concurrent confirmations from one token one succeeds, and its token is valid', async () => {
    const account = await insertAccount(stores);
    const { id: accountId } = account;
    const session = aSession({ accountId });
    await begin(stores.store, session);
    const { id, tokenHash: from } = session;
    const tokens = Array.from({ length: 30 }, () => hashed(unique('token')));
    const answers = await stores.race(30, (store, turn) =>
      store.confirmSession({
        accountId,
        by: byPassword(account),
        id,
        from,
        to: tokens[turn] ?? hashed('none'),
        at: at(minute),
        event: anEvent({ accountId, action: 'session.confirmed' }),
      }),
    );
    expect(answers.filter((one) => one === 'confirmed')).toHaveLength(1);
    expect(await stores.store.listSessions(accountId, at(minute))).toMatchObject([
      { id, tokenHash: tokens[answers.indexOf('confirmed')] },
    ]);
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'session.confirmed': 1 });
  });
}

function keepingContract(stores: Stores): void {
  test('of an account’s sessions the newest remain', async () => {
    const { id: accountId } = await insertAccount(stores);
    const sessions = [0, 1, 2, 3].map((n) => aSession({ accountId, createdAt: at(n * minute) }));
    const stranger = aSession();
    for (const session of [stranger, ...sessions]) await begin(stores.store, session, { keep: 2 });
    expect(ids(await stores.second.listSessions(accountId, at(3 * minute)))).toEqual(
      ids(sessions.slice(2).toReversed()),
    );
    expect(await stores.second.listSessions(stranger.accountId, at(0))).toEqual([stranger]);
  });

  test('a newer session is kept in preference to one that was used later', async () => {
    const { id: accountId } = await insertAccount(stores);
    const [busy, idle, fresh] = [
      aSession({ accountId }),
      aSession({ accountId, createdAt: at(1) }),
      aSession({ accountId, createdAt: at(2) }),
    ];
    await begin(stores.store, busy);
    await begin(stores.store, idle);
    await stores.store.touchSession(busy.id, at(minute));
    await begin(stores.store, fresh, { keep: 2 });
    expect(ids(await stores.store.listSessions(accountId, at(minute)))).toEqual([
      fresh.id,
      idle.id,
    ]);
  });

  test('a session that begins with a notice queues it, also to a held domain', async () => {
    const domain = `${unique('domain')}.test`;
    const account = await insertAccount(stores, { email: address(domain) });
    const notice = aNotice(account.id, { mail: { to: account.email } });
    const { mail, undo } = notice;
    await stores.store.holdMail(domain, at(day));
    await begin(stores.store, aSession({ accountId: account.id }), { notice });
    expect(await stores.second.takeHeldMail(domain)).toEqual([mail]);
    expect(
      await stores.second.redeemUndo(
        anUndoing({ tokenHash: undo.tokenHash, event: anEvent(), now: at(0) }),
      ),
    ).toMatchObject({ account: { id: account.id } });
  });

  test('a session that replaces another one ends it, of any account', async () => {
    const [one, other] = [await insertAccount(stores), await insertAccount(stores)];
    const [first, second] = [aSession({ accountId: one.id }), aSession({ accountId: other.id })];
    await begin(stores.store, first);
    await begin(stores.store, second, { replacing: first.id });
    expect(await stores.second.findSession(first.tokenHash)).toBeNull();
    expect(await stores.second.findSession(second.tokenHash)).not.toBeNull();
    await begin(stores.store, aSession({ accountId: one.id }), { replacing: 'no such session' });
  });

  test('of thirty concurrent sessions on a new device the number to keep remains, and all are recorded', async () => {
    const { id: accountId } = await insertAccount(stores);
    const sessions = Array.from({ length: 30 }, (_, n) =>
      aSession({ accountId, createdAt: at(n) }),
    );
    await stores.race(30, (store, turn) => begin(store, sessions[turn] ?? aSession(), { keep: 4 }));
    expect(await stores.store.listSessions(accountId, at(minute))).toHaveLength(4);
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'session.begun': 30 });
  });
}

function endingContract(stores: Stores): void {
  test('an ended session is no longer found, on any connection', async () => {
    const { id: accountId } = await insertAccount(stores);
    const [one, other] = [aSession({ accountId }), aSession({ accountId })];
    for (const session of [one, other]) await begin(stores.store, session);
    expect(await stores.second.findSession(one.tokenHash)).not.toBeNull();
    expect(await stores.store.endSession({ accountId, id: one.id, event: anEvent() })).toBe(true);
    expect(await stores.second.findSession(one.tokenHash)).toBeNull();
    expect(await stores.second.endSession({ accountId, id: one.id, event: anEvent() })).toBe(false);
    expect(await stores.second.findSession(other.tokenHash)).not.toBeNull();
  });

  test('a session of another account cannot be ended', async () => {
    const { id: accountId } = await insertAccount(stores);
    const session = aSession({ accountId });
    await begin(stores.store, session);
    expect(
      await stores.store.endSession({
        accountId: 'another-account',
        id: session.id,
        event: anEvent(),
      }),
    ).toBe(false);
    expect(await stores.store.findSession(session.tokenHash)).not.toBeNull();
  });

  test('ending the others keeps one session and returns the number of ended ones', async () => {
    const { id: accountId } = await insertAccount(stores);
    const [kept, ...others] = [0, 1, 2].map(() => aSession({ accountId }));
    const stranger = aSession();
    for (const session of [kept ?? stranger, ...others, stranger])
      await begin(stores.store, session);
    expect(
      await stores.store.endOtherSessions({ accountId, keepId: kept?.id ?? '', event: anEvent() }),
    ).toBe(2);
    expect(await stores.second.listSessions(accountId, at(0))).toEqual([kept]);
    expect(await stores.second.listSessions(stranger.accountId, at(0))).toEqual([stranger]);
    expect(
      await stores.second.endOtherSessions({ accountId, keepId: kept?.id ?? '', event: anEvent() }),
    ).toBe(0);
  });

  test('using a session after its end does not restore it', async () => {
    const { id: accountId } = await insertAccount(stores);
    const session = aSession({ accountId });
    await begin(stores.store, session);
    await Promise.all([
      stores.store.endSession({ accountId, id: session.id, event: anEvent() }),
      stores.second.touchSession(session.id, at(minute)),
    ]);
    await stores.second.touchSession(session.id, at(minute));
    expect(await stores.store.findSession(session.tokenHash)).toBeNull();
  });

  test('thirty concurrent ends of one session end it once', async () => {
    const { id: accountId } = await insertAccount(stores);
    const session = aSession({ accountId });
    await begin(stores.store, session);
    const ended = await stores.race(30, (store) =>
      store.endSession({
        accountId,
        id: session.id,
        event: anEvent({ accountId, action: 'session.ended' }),
      }),
    );
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await actionsOf(stores, accountId)).toEqual({
      'operator.claimed': 1,
      'session.begun': 1,
      'session.ended': 1,
    });
  });

  test('concurrent ends of the other sessions count each of them once', async () => {
    const { id: accountId } = await insertAccount(stores);
    const sessions = [0, 1, 2, 3].map(() => aSession({ accountId }));
    for (const session of sessions) await begin(stores.store, session);
    const ended = await stores.race(10, (store) =>
      store.endOtherSessions({
        accountId,
        keepId: sessions[0]?.id ?? '',
        event: anEvent({ accountId, action: 'session.others-ended' }),
      }),
    );
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(await actionsOf(stores, accountId)).toMatchObject({
      'session.others-ended': ended.filter((count) => count > 0).length,
    });
  });
}

/** Actions that end a session or change what is found with it. */
const changes: Record<
  string,
  (store: Store, found: { session: Session; account: Account }) => Promise<unknown>
> = {
  'its end': (store, { session: { id, accountId } }) =>
    store.endSession({ accountId, id, event: anEvent() }),
  'the end of all others': (store, { session: { accountId } }) =>
    store.endOtherSessions({ accountId, keepId: 'another', event: anEvent() }),
  'the end of all': (store, { account: { id } }) =>
    store.endAllSessions({ accountId: id, notice: aNotice(id) }),
  'its confirmation': (store, { account, session: { id, accountId, tokenHash: from } }) =>
    store.confirmSession({
      accountId,
      by: byPassword(account),
      id,
      from,
      to: hashed(unique('token')),
      at: at(minute),
      event: anEvent(),
    }),
  'a session in its place': (store, { session: { id, accountId } }) =>
    begin(store, aSession({ accountId }), { replacing: id }),
  'a session too many': (store, { session: { accountId } }) =>
    begin(store, aSession({ accountId, createdAt: at(minute) }), { keep: 1 }),
  'a new password': (store, { account: { id, passwordHash: from } }) =>
    store.changePassword({
      continued: null,
      accountId: id,
      from: from ?? passwordHash('none'),
      to: passwordHash(unique('pw')),
      notice: aNotice(id),
    }),
};

function forgettingContract(stores: Stores): void {
  const aFoundSession = async () => {
    const account = await insertAccount(stores);
    const session = aSession({ accountId: account.id });
    await begin(stores.store, session);
    const find = (store: Store) => store.findSession(session.tokenHash);
    for (const store of [stores.store, stores.second, stores.store, stores.second])
      expect(await find(store)).toEqual({ session, account, enrolmentRequiredFrom: null });
    return { found: { session, account, enrolmentRequiredFrom: null }, find };
  };

  test.each(Object.entries(changes))(
    'a session that was found often is gone after %s, on any connection',
    async (_, change) => {
      const { found, find } = await aFoundSession();
      await change(stores.store, found);
      expect([await find(stores.second), await find(stores.store)]).toEqual([null, null]);
    },
  );

  test('a session requested concurrently is not found by a caller after its end', async () => {
    for (let times = 0; times < 20; times += 1) {
      const { found, find } = await aFoundSession();
      const sooner = [find(stores.second), find(stores.store)];
      await changes['its end']?.(stores.store, found);
      expect(await Promise.all([find(stores.second), find(stores.store)])).toEqual([null, null]);
      await Promise.all(sooner);
    }
  });

  test('the account found with a session is current', async () => {
    const { found, find } = await aFoundSession();
    const { id: accountId } = found.account;
    await stores.second.renameAccount({ accountId, name: 'Grace', event: anEvent({ accountId }) });
    expect([
      (await find(stores.store))?.account.name,
      (await find(stores.second))?.account.name,
    ]).toEqual(['Grace', 'Grace']);
  });

  test('a caller cannot change a found session for others', async () => {
    const { found, find } = await aFoundSession();
    const handed = await find(stores.store);
    const renamed = () => Object.assign(handed?.account ?? {}, { name: 'Mallory', operator: true });
    try {
      renamed();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
    }
    expect(await find(stores.store)).toEqual(found);
  });
}

type Replaceable = { replacedAt: Date | null };
const byReplacement = (one: Replaceable, other: Replaceable): number =>
  (one.replacedAt?.getTime() ?? Infinity) - (other.replacedAt?.getTime() ?? Infinity);
