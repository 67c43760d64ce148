import { expect, test } from 'vitest';
import type { Account, Session } from '../port.ts';
import { type Open, type Stores, useStores } from './opened.ts';
import { aSession, anAccount, at, day, hashed, hour, minute, unique } from './samples.ts';

const alone = { keep: 10, replacing: null, device: hashed('laptop') };
const ids = (sessions: readonly Session[]): string[] => sessions.map(({ id }) => id);

async function anAccountIn(stores: Stores): Promise<Account> {
  const account = anAccount();
  const tokenHash = hashed(unique('claim'));
  await stores.store.insertClaim({ tokenHash, expiresAt: at(hour) });
  await stores.store.redeemClaim({ tokenHash, account, now: at(0) });
  return account;
}

/** Sessions and known devices. */
export function sessionsContract(open: Open): void {
  const stores = useStores(open, 'once');
  findingContract(stores);
  keepingContract(stores);
  endingContract(stores);
}

function findingContract(stores: Stores): void {
  test('finds a session with its account by its token, on any connection', async () => {
    const account = await anAccountIn(stores);
    const session = aSession({ accountId: account.id, method: 'operator-claim', confirmedAt: at(-minute) });
    await stores.store.insertSession(session, alone);
    expect(await stores.second.findSession(session.tokenHash)).toEqual({ session, account });
    expect(await stores.second.findSession(hashed('no such token'))).toBeNull();
  });

  test('finds an account without a password with its session', async () => {
    const account = anAccount({ passwordHash: null });
    await stores.store.insertClaim({ tokenHash: hashed('passwordless'), expiresAt: at(hour) });
    await stores.store.redeemClaim({ tokenHash: hashed('passwordless'), account, now: at(0) });
    const session = aSession({ accountId: account.id });
    await stores.store.insertSession(session, alone);
    expect(await stores.store.findSession(session.tokenHash)).toEqual({ session, account });
  });

  test('a session whose account is gone is not found', async () => {
    const session = aSession();
    await stores.store.insertSession(session, alone);
    expect(await stores.store.findSession(session.tokenHash)).toBeNull();
  });

  test('touching a session moves its last use, forward only, and nothing else', async () => {
    const account = await anAccountIn(stores);
    const session = aSession({ accountId: account.id });
    await stores.store.insertSession(session, alone);
    await stores.store.touchSession(session.id, at(2 * minute));
    await stores.second.touchSession(session.id, at(minute));
    await stores.second.touchSession('no such session', at(minute));
    expect(await stores.store.findSession(session.tokenHash)).toEqual({ session: { ...session, lastUsedAt: at(2 * minute) }, account });
  });

  test('lists the sessions alive at an instant, newest use first', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const early = aSession({ accountId, lastUsedAt: at(3 * minute), idle: day });
    const idle = aSession({ accountId, createdAt: at(minute), idle: hour });
    const short = aSession({ accountId, createdAt: at(2 * minute), expiresAt: at(hour), idle: day });
    const others = aSession({ createdAt: at(2 * minute) });
    for (const session of [early, idle, short, others]) await stores.store.insertSession(session, alone);
    expect(await stores.second.listSessions(accountId, at(hour - 1))).toEqual([early, short, idle]);
    expect(ids(await stores.second.listSessions(accountId, at(hour)))).toEqual([early.id, idle.id]);
    expect(ids(await stores.second.listSessions(accountId, at(hour + minute - 1)))).toEqual([early.id, idle.id]);
    expect(ids(await stores.second.listSessions(accountId, at(hour + minute)))).toEqual([early.id]);
    expect(await stores.second.findSession(short.tokenHash)).not.toBeNull();
  });

  test('an account without sessions has an empty list', async () => {
    expect(await stores.store.listSessions('nobody', at(0))).toEqual([]);
  });

  test('a device is known to the account that signed in with it, and to no other', async () => {
    const [one, other] = [await anAccountIn(stores), await anAccountIn(stores)];
    const device = hashed(unique('device'));
    expect(await stores.store.knowsDevice(device, one.id)).toBe(false);
    for (let times = 0; times < 2; times += 1) await stores.store.insertSession(aSession({ accountId: one.id }), { ...alone, device });
    expect(await stores.second.knowsDevice(device, one.id)).toBe(true);
    expect(await stores.second.knowsDevice(device, other.id)).toBe(false);
    await stores.store.insertSession(aSession({ accountId: other.id }), { ...alone, device });
    expect(await stores.second.knowsDevice(device, other.id)).toBe(true);
  });
}

function keepingContract(stores: Stores): void {
  test('of the sessions of an account the newest stay', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const sessions = [0, 1, 2, 3].map((n) => aSession({ accountId, createdAt: at(n * minute) }));
    const stranger = aSession();
    for (const session of [stranger, ...sessions]) await stores.store.insertSession(session, { ...alone, keep: 2 });
    expect(ids(await stores.second.listSessions(accountId, at(3 * minute)))).toEqual(ids(sessions.slice(2).toReversed()));
    expect(await stores.second.listSessions(stranger.accountId, at(0))).toEqual([stranger]);
  });

  test('a newer session stays before one that was used later', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const [busy, idle, fresh] = [aSession({ accountId }), aSession({ accountId, createdAt: at(1) }), aSession({ accountId, createdAt: at(2) })];
    await stores.store.insertSession(busy, alone);
    await stores.store.insertSession(idle, alone);
    await stores.store.touchSession(busy.id, at(minute));
    await stores.store.insertSession(fresh, { ...alone, keep: 2 });
    expect(ids(await stores.store.listSessions(accountId, at(minute)))).toEqual([fresh.id, idle.id]);
  });

  test('a session that replaces another ends it, whosever it was', async () => {
    const [one, other] = [await anAccountIn(stores), await anAccountIn(stores)];
    const [first, second] = [aSession({ accountId: one.id }), aSession({ accountId: other.id })];
    await stores.store.insertSession(first, alone);
    await stores.store.insertSession(second, { ...alone, replacing: first.id });
    expect(await stores.second.findSession(first.tokenHash)).toBeNull();
    expect(await stores.second.findSession(second.tokenHash)).not.toBeNull();
    await stores.store.insertSession(aSession({ accountId: one.id }), { ...alone, replacing: 'no such session' });
  });

  test('thirty sessions begun at once leave the number to keep', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const sessions = Array.from({ length: 30 }, (_, n) => aSession({ accountId, createdAt: at(n) }));
    await stores.race(30, (store, turn) => store.insertSession(sessions[turn] ?? aSession(), { ...alone, keep: 4 }));
    expect(await stores.store.listSessions(accountId, at(minute))).toHaveLength(4);
  });
}

function endingContract(stores: Stores): void {
  test('an ended session is not found any more, on any connection', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const [one, other] = [aSession({ accountId }), aSession({ accountId })];
    for (const session of [one, other]) await stores.store.insertSession(session, alone);
    expect(await stores.second.findSession(one.tokenHash)).not.toBeNull();
    expect(await stores.store.endSession(accountId, one.id)).toBe(true);
    expect(await stores.second.findSession(one.tokenHash)).toBeNull();
    expect(await stores.second.endSession(accountId, one.id)).toBe(false);
    expect(await stores.second.findSession(other.tokenHash)).not.toBeNull();
  });

  test('nobody ends the session of somebody else', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const session = aSession({ accountId });
    await stores.store.insertSession(session, alone);
    expect(await stores.store.endSession('somebody else', session.id)).toBe(false);
    expect(await stores.store.findSession(session.tokenHash)).not.toBeNull();
  });

  test('ending the others leaves the one to keep, and tells how many there were', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const [kept, ...others] = [0, 1, 2].map(() => aSession({ accountId }));
    const stranger = aSession();
    for (const session of [kept ?? stranger, ...others, stranger]) await stores.store.insertSession(session, alone);
    expect(await stores.store.endOtherSessions(accountId, kept?.id ?? '')).toBe(2);
    expect(await stores.second.listSessions(accountId, at(0))).toEqual([kept]);
    expect(await stores.second.listSessions(stranger.accountId, at(0))).toEqual([stranger]);
    expect(await stores.second.endOtherSessions(accountId, kept?.id ?? '')).toBe(0);
  });

  test('a touch that comes after the end revives nothing', async () => {
    const { id: accountId } = await anAccountIn(stores);
    const session = aSession({ accountId });
    await stores.store.insertSession(session, alone);
    await Promise.all([stores.store.endSession(accountId, session.id), stores.second.touchSession(session.id, at(minute))]);
    await stores.second.touchSession(session.id, at(minute));
    expect(await stores.store.findSession(session.tokenHash)).toBeNull();
  });
}
