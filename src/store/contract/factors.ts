import { expect, test } from 'vitest';
import { second, minute, hour, day } from '../../clock.ts';
import type { Account, Hashed, Session } from '../../records.ts';
import type { Factor } from '../../records/two-factor.ts';
import type { Store } from '../port.ts';
import type { StoppingFactorUse } from '../port/factors.ts';
import type { ConfirmedBy } from '../port/sessions.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aChallenge,
  aFactor,
  anEvent,
  anIdentity,
  aNotice,
  anUndoing,
  aPasskey,
  aPendingSignIn,
  aSession,
  at,
  byPassword,
  hashed,
  passwordHash,
  otherIssuer,
  unique,
} from './samples.ts';

/** Second factors, recovery codes, and sign-ins that wait for a second factor. */
export function factorsContract(open: Open): void {
  const stores = useStores(open, 'once');
  enrolmentContract(stores);
  spendingContract(stores);
  spendingRacesContract(stores);
  leavingContract(stores);
  ceremoniesContract(stores);
}

const codes = (n: number): Hashed[] =>
  Array.from({ length: n }, () => hashed(unique('recovery code')));
const added = (accountId: string) => aNotice(accountId, { event: { action: 'factor.added' } });

/** An account with a confirmed TOTP factor whose counter is 10, and its recovery codes. */
export async function enrolled(
  stores: Stores,
): Promise<{ account: Account; factor: Factor; recoveryCodes: Hashed[] }> {
  const account = await insertAccount(stores);
  const accountId = account.id;
  const factor = aFactor({ accountId });
  const recoveryCodes = codes(2);
  await stores.store.openFactor(factor);
  await stores.store.confirmFactor({
    accountId,
    session: null,
    id: factor.id,
    counter: 10,
    recoveryCodes,
    stopping: stopping(accountId),
    notice: added(accountId),
    now: at(second),
  });
  return { account, factor, recoveryCodes };
}

/** A challenge for a second factor, and the pending sign-in. */
export async function due({ store }: Stores, accountId: string, given = {}): Promise<string> {
  const challenge = aChallenge({ purpose: 'second-factor', subjectId: accountId, ...given });
  await store.openSecondFactor({
    challenge,
    pending: aPendingSignIn({ id: challenge.id, accountId }),
  });
  return challenge.id;
}

/**
 * Recorded if a recovery of lost factors is stopped. The mail is kept in the sandbox mailbox at once, where tests find
 * it.
 */
export const stopping = (accountId: string, now = at(hour)) =>
  aNotice(accountId, {
    event: { action: 'factor.recovery-stopped', at: now },
    mail: { state: 'kept' },
  });

export const step = ({ id, accountId }: Factor, counter: number) => ({
  kind: 'factor' as const,
  factorId: id,
  counter,
  initializesUv: false,
  stopping: stopping(accountId),
});
const code = (codeHash: Hashed): StoppingFactorUse => ({
  kind: 'recovery-code',
  codeHash,
  stopping: stopping(unique('account')),
});

function enrolmentContract(stores: Stores): void {
  test('a factor counts once it is confirmed, and the first one brings recovery codes', async () => {
    const { store, second: other } = stores;
    const account = await insertAccount(stores);
    const accountId = account.id;
    const factor = aFactor({ accountId });
    await store.openFactor(factor);
    expect(await other.factorsOf(accountId)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await other.findFactor({ accountId, id: factor.id })).toEqual(factor);
    expect(await other.findFactor({ accountId: 'another-account', id: factor.id })).toBeNull();

    const input = {
      accountId,
      id: factor.id,
      counter: 7,
      recoveryCodes: codes(3),
      session: null,
      notice: added(accountId),
      stopping: stopping(accountId),
      now: at(second),
    };
    expect(await other.confirmFactor({ ...input, accountId: 'another-account' })).toBeNull();
    expect(await other.confirmFactor(input)).toEqual({ isFirst: true });
    const confirmed = { ...factor, counter: 7, confirmedAt: at(second), lastUsedAt: at(second) };
    expect(await store.factorsOf(accountId)).toEqual({
      factors: [confirmed],
      recoveryCodesLeft: 3,
    });
    expect(await store.confirmFactor({ ...input, notice: added(accountId) })).toBeNull();
    expect(await actionsOf(stores, accountId)).toEqual({
      'operator.claimed': 1,
      'factor.added': 1,
    });
  });

  test('of an account’s unconfirmed factors the newest remains', async () => {
    const { store } = stores;
    const { account, factor } = await enrolled(stores);
    const [one, two] = [aFactor({ accountId: account.id }), aFactor({ accountId: account.id })];
    await store.openFactor(one);
    await store.openFactor(two);
    expect(await store.findFactor({ accountId: account.id, id: one.id })).toBeNull();
    expect(await store.findFactor({ accountId: account.id, id: two.id })).toEqual(two);
    expect((await store.factorsOf(account.id)).factors.map(({ id }) => id)).toEqual([factor.id]);
  });

  test('a passkey is found by its credential, which only one account can have', async () => {
    const { store, second: other } = stores;
    const { account, recoveryCodes } = await enrolled(stores);
    const passkey = aPasskey({ accountId: account.id, createdAt: at(minute) });
    expect(
      await store.addPasskey({
        factor: passkey,
        session: null,
        recoveryCodes: codes(5),
        stopping: stopping(account.id),
        notice: added(account.id),
      }),
    ).toEqual({ isFirst: false });
    expect(await other.findPasskey(passkey.credentialId ?? '')).toEqual(passkey);
    expect(await other.factorsOf(account.id)).toMatchObject({
      factors: [{ type: 'totp' }, passkey],
      recoveryCodesLeft: recoveryCodes.length,
    });

    const stranger = await insertAccount(stores);
    const stolen = aPasskey({ accountId: stranger.id, credentialId: passkey.credentialId });
    expect(
      await store.addPasskey({
        factor: stolen,
        session: null,
        recoveryCodes: codes(1),
        stopping: stopping(stranger.id),
        notice: added(stranger.id),
      }),
    ).toBeNull();
    expect(await store.factorsOf(stranger.id)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await actionsOf(stores, stranger.id)).toEqual({ 'operator.claimed': 1 });
  });

  test('a passkey’s first user verification is stored with its use, permanently', async () => {
    const { store, second: other } = stores;
    const { account } = await enrolled(stores);
    const accountId = account.id;
    const [passkey, verified] = [
      aPasskey({ accountId, createdAt: at(minute) }),
      aPasskey({ accountId, createdAt: at(2 * minute), uvInitialized: true }),
    ];
    for (const factor of [passkey, verified])
      await store.addPasskey({
        session: null,
        factor,
        recoveryCodes: codes(1),
        stopping: stopping(accountId),
        notice: added(accountId),
      });
    const kept = async () =>
      (await other.factorsOf(accountId)).factors
        .filter(({ type }) => type === 'passkey')
        .map(({ uvInitialized }) => uvInitialized);
    expect(await kept()).toEqual([false, true]);
    const use = (factor: Factor, counter: number, initializesUv: boolean) =>
      begin(store, aSession({ accountId }), {
        factor: { challengeId: null, use: { ...step(factor, counter), initializesUv } },
      });
    expect(await use(passkey, 5, false)).toBe('begun');
    expect(await use(verified, 5, false)).toBe('begun');
    expect(await kept()).toEqual([false, true]);
    expect(await use(passkey, 4, true)).toBe('factor-spent');
    expect(await kept(), 'what did not count changes nothing').toEqual([false, true]);
    expect(await use(passkey, 6, true)).toBe('begun');
    expect(await use(passkey, 7, false)).toBe('begun');
    expect(await kept()).toEqual([true, true]);
  });

  test('two first factors confirmed at the same time bring one set of recovery codes', async () => {
    const { id: accountId } = await insertAccount(stores);
    const came = await stores.race(2, (store) =>
      store.addPasskey({
        factor: aPasskey({ accountId }),
        session: null,
        recoveryCodes: codes(4),
        stopping: stopping(accountId),
        notice: added(accountId),
      }),
    );
    expect(came.filter((one) => one !== null && one !== 'too-many' && one.isFirst)).toHaveLength(1);
    expect(await stores.store.factorsOf(accountId)).toMatchObject({
      factors: [{}, {}],
      recoveryCodesLeft: 4,
    });
  });

  test('an account has at most ten factors, however many are added at the same time', async () => {
    const { account, factor } = await enrolled(stores);
    const accountId = account.id;
    const add = (store: Store) =>
      store.addPasskey({
        factor: aPasskey({ accountId }),
        session: null,
        recoveryCodes: [],
        stopping: stopping(accountId),
        notice: added(accountId),
      });
    for (let more = 0; more < 8; more += 1)
      expect(await add(stores.store)).toEqual({ isFirst: false });
    const waiting = aFactor({ accountId });
    await stores.store.openFactor(waiting);
    const confirm = () =>
      stores.store.confirmFactor({
        accountId,
        session: null,
        id: waiting.id,
        counter: 1,
        recoveryCodes: [],
        stopping: stopping(accountId),
        notice: added(accountId),
        now: at(second),
      });
    const [confirmed, made] = await Promise.all([confirm(), stores.race(3, add)]);
    expect([confirmed, ...made].filter((one) => one === 'too-many')).toHaveLength(3);
    const { factors } = await stores.second.factorsOf(accountId);
    expect(factors).toHaveLength(10);
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'factor.added': 10 });
    await stores.store.removeFactor({ accountId, id: factor.id, notice: aNotice(accountId) });
    expect(await add(stores.second)).toEqual({ isFirst: false });
  });

  test('a session started without a factor does not begin if the account has a confirmed one', async () => {
    const { store, second } = stores;
    const { id: accountId } = await insertAccount(stores);
    const factor = aFactor({ accountId });
    await store.openFactor(factor);
    expect(await begin(second, aSession({ accountId }), { factor: 'none' })).toBe('begun');
    await store.confirmFactor({
      accountId,
      session: null,
      id: factor.id,
      counter: 10,
      recoveryCodes: codes(1),
      stopping: stopping(accountId),
      notice: added(accountId),
      now: at(0),
    });
    expect(await begin(second, aSession({ accountId }), { factor: 'none' })).toBe('factor-due');
    expect(await store.listSessions(accountId, at(0))).toHaveLength(1);
    expect(await begin(second, aSession({ accountId }), { factor: 'settled' })).toBe('begun');
  });

  test('new recovery codes replace all previous ones, for an account with a factor', async () => {
    const { store } = stores;
    const { account, recoveryCodes } = await enrolled(stores);
    const fresh = codes(4);
    expect(
      await store.replaceRecoveryCodes({
        accountId: account.id,
        recoveryCodes: fresh,
        notice: aNotice(account.id),
      }),
    ).toBe(true);
    expect(await store.factorsOf(account.id)).toMatchObject({ recoveryCodesLeft: 4 });
    const tried = [recoveryCodes[0], fresh[0]].map((hash) => code(hash ?? hashed('none')));
    for (const [use, came] of [
      [tried[0], 'factor-spent'],
      [tried[1], 'begun'],
    ] as const) {
      expect(
        await begin(store, aSession({ accountId: account.id }), {
          factor: use ? { challengeId: null, use } : 'none',
        }),
      ).toBe(came);
    }
    const { id: none } = await insertAccount(stores);
    expect(
      await store.replaceRecoveryCodes({
        accountId: none,
        recoveryCodes: fresh,
        notice: aNotice(none),
      }),
    ).toBe(false);
  });
}

function spendingContract(stores: Stores): void {
  test('a session begins with a factor, which counts once, and ends its challenge', async () => {
    const { store, second: other } = stores;
    const { account, factor } = await enrolled(stores);
    const accountId = account.id;
    const challengeId = await due(stores, accountId);
    expect(await other.findPendingSignIn(challengeId)).toMatchObject({
      id: challengeId,
      accountId,
    });
    expect(
      await begin(other, aSession({ accountId }), {
        factor: { challengeId, use: step(factor, 11) },
      }),
    ).toBe('begun');
    expect(await store.findChallenge(challengeId)).toMatchObject({ endedAt: at(0) });
    expect(
      await begin(store, aSession({ accountId }), {
        factor: { challengeId, use: step(factor, 12) },
      }),
    ).toBe('challenge-over');
    const again = await due(stores, accountId);
    for (const counter of [11, 10, 0]) {
      expect(
        await begin(store, aSession({ accountId }), {
          factor: { challengeId: again, use: step(factor, counter) },
        }),
      ).toBe('factor-spent');
    }
    expect(await store.findChallenge(again), 'what was not accepted ends nothing').toMatchObject({
      endedAt: null,
      attemptsLeft: 5,
    });
    expect(await store.listSessions(accountId, at(0))).toHaveLength(1);
    expect((await store.factorsOf(accountId)).factors).toMatchObject([
      { counter: 11, lastUsedAt: at(0) },
    ]);
    expect(
      await begin(store, aSession({ accountId }), {
        factor: { challengeId: again, use: step(factor, 12) },
      }),
    ).toBe('begun');
  });

  test('a passkey without a counter can be reused, and one with a counter only if it increases', async () => {
    const { id: accountId } = await insertAccount(stores);
    const passkey = aPasskey({ accountId });
    await stores.store.addPasskey({
      factor: passkey,
      session: null,
      recoveryCodes: [],
      stopping: stopping(accountId),
      notice: added(accountId),
    });
    const use = (counter: number) =>
      begin(stores.second, aSession({ accountId }), {
        factor: { challengeId: null, use: step(passkey, counter) },
      });
    for (const [counter, came] of [
      [0, 'begun'],
      [0, 'begun'],
      [3, 'begun'],
      [3, 'factor-spent'],
      [0, 'factor-spent'],
      [4, 'begun'],
    ] as const) {
      expect(await use(counter)).toBe(came);
    }
  });

  test('a factor that is unconfirmed or of another account does not start a session', async () => {
    const [mine, theirs] = [await enrolled(stores), await enrolled(stores)];
    const waiting = aFactor({ accountId: mine.account.id });
    await stores.store.openFactor(waiting);
    const uses = [
      step(theirs.factor, 99),
      step(waiting, 99),
      code(theirs.recoveryCodes[0] ?? hashed('none')),
    ];
    for (const use of uses) {
      expect(
        await begin(stores.store, aSession({ accountId: mine.account.id }), {
          factor: { challengeId: null, use },
        }),
      ).toBe('factor-spent');
    }
  });

  test('an attempt of an open challenge is used up before the answer is compared, down to none', async () => {
    const { account, factor } = await enrolled(stores);
    const id = await due(stores, account.id, { attemptsLeft: 2 });
    expect(await stores.store.takeAttempt({ id, now: at(0) })).toBe(1);
    expect(await stores.second.takeAttempt({ id, now: at(0) })).toBe(0);
    expect(await stores.store.takeAttempt({ id, now: at(0) })).toBeNull();
    const use = step(factor, 20);
    expect(
      await begin(stores.store, aSession({ accountId: account.id }), {
        factor: { challengeId: id, use },
      }),
      'who took the last attempt was right',
    ).toBe('begun');
    expect(
      await begin(stores.store, aSession({ accountId: account.id }), {
        factor: { challengeId: id, use: step(factor, 21) },
      }),
      'once',
    ).toBe('challenge-over');
    const late = await due(stores, account.id);
    expect(await stores.store.takeAttempt({ id: late, now: at(10 * minute) })).toBeNull();
    const session = aSession({ accountId: account.id, createdAt: at(10 * minute) });
    expect(
      await begin(stores.store, session, { factor: { challengeId: late, use: step(factor, 21) } }),
    ).toBe('challenge-over');
    expect(
      await begin(stores.store, aSession({ accountId: account.id }), {
        factor: { challengeId: null, use: step(factor, 22) },
      }),
    ).toBe('begun');
  });

  test('only a factor confirms a session of an account that has one', async () => {
    const { account } = await enrolled(stores);
    const { id: accountId } = account;
    const session = aSession({ accountId });
    await begin(stores.store, session);
    const confirm = (by: ConfirmedBy) =>
      stores.second.confirmSession({
        accountId,
        id: session.id,
        from: session.tokenHash,
        to: hashed(unique('token')),
        by,
        at: at(hour),
        event: anEvent(),
      });
    const identity = anIdentity({ accountId });
    await stores.store.connectIdentity({
      identity,
      sessionId: session.id,
      notice: aNotice(accountId),
    });
    expect(await confirm(byPassword(account))).toBe('factor-due');
    expect(await confirm({ kind: 'provider', ...identity })).toBe('factor-due');
    expect(await stores.store.findSession(session.tokenHash)).toMatchObject({ session });
  });

  test('a changed password or a disconnected provider confirms nothing', async () => {
    const account = await insertAccount(stores);
    const { id: accountId } = account;
    const session = aSession({ accountId });
    await begin(stores.store, session);
    const identity = anIdentity({ accountId });
    await stores.store.connectIdentity({
      identity,
      sessionId: session.id,
      notice: aNotice(accountId),
    });
    const confirm = (by: ConfirmedBy) =>
      stores.second.confirmSession({
        accountId,
        id: session.id,
        from: session.tokenHash,
        to: hashed(unique('token')),
        by,
        at: at(hour),
        event: anEvent(),
      });
    expect(await confirm({ kind: 'password', hash: passwordHash('before') })).toBe('unproven');
    expect(await confirm({ kind: 'provider', ...identity, subject: unique('another') })).toBe(
      'unproven',
    );
    expect(await confirm({ kind: 'provider', ...identity, provider: 'github' })).toBe('unproven');
    expect(await confirm({ kind: 'provider', ...identity, issuer: otherIssuer })).toBe('unproven');
    expect(await confirm({ kind: 'provider', ...identity })).toBe('confirmed');
  });

  test('a confirmation by password concurrent with the first factor comes before it or fails', async () => {
    for (let round = 0; round < 12; round += 1) {
      const account = await insertAccount(stores);
      const { id: accountId } = account;
      const [mine, thief] = [aSession({ accountId }), aSession({ accountId })];
      for (const each of [mine, thief]) await begin(stores.store, each);
      const to = hashed(unique('token'));
      // The attacker’s process has a clock that is an hour fast, which must give no advantage.
      const [confirmed] = await Promise.all([
        stores.second.confirmSession({
          accountId,
          id: thief.id,
          from: thief.tokenHash,
          to,
          by: byPassword(account),
          at: at(hour),
          event: anEvent(),
        }),
        stores.store.addPasskey({
          factor: aPasskey({ accountId, confirmedAt: at(minute) }),
          recoveryCodes: [],
          stopping: stopping(accountId),
          session: {
            id: mine.id,
            from: mine.tokenHash,
            to: hashed(unique('token')),
            keepOthers: true,
          },
          notice: aNotice(accountId, { event: { at: at(minute) } }),
        }),
      ]);
      expect(['confirmed', 'factor-due']).toContain(confirmed);
      const left = await stores.store.listSessions(accountId, at(minute));
      expect(left.find(({ id }) => id === mine.id)?.confirmedAt).toEqual(at(minute));
      expect(left.find(({ id }) => id === thief.id)?.confirmedAt.getTime()).toBeLessThan(
        at(minute).getTime(),
      );
    }
  });

  test('the first factor ends every session but the current one, and later factors end and confirm none', async () => {
    const { id: accountId } = await insertAccount(stores);
    const [mine, other] = [aSession({ accountId }), aSession({ accountId })];
    for (const each of [mine, other]) await begin(stores.store, each);
    const tokens = [mine.tokenHash, hashed(unique('token')), hashed(unique('token'))] as const;
    const add = (from: Hashed, to: Hashed, minutes: number) =>
      stores.second.addPasskey({
        factor: aPasskey({ accountId, confirmedAt: at(minutes * minute) }),
        recoveryCodes: [],
        stopping: stopping(accountId),
        session: { id: mine.id, from, to, keepOthers: false },
        notice: aNotice(accountId, { event: { at: at(minutes * minute) } }),
      });
    expect(await add(hashed('stale'), tokens[1], 1), 'a session that is gone').toBeNull();
    expect(await add(tokens[0], tokens[1], 1)).toEqual({ isFirst: true });
    expect(await stores.store.listSessions(accountId, at(minute))).toEqual([
      { ...mine, tokenHash: tokens[1], confirmedAt: at(minute) },
    ]);
    await begin(stores.store, other);
    expect(await add(tokens[1], tokens[2], 2)).toEqual({ isFirst: false });
    const left = await stores.store.listSessions(accountId, at(minute));
    expect(left).toHaveLength(2);
    expect(left).toContainEqual({ ...mine, tokenHash: tokens[2], confirmedAt: at(minute) });
  });

  test('a factor confirms a session once, and not one that is gone', async () => {
    const { account, factor } = await enrolled(stores);
    const accountId = account.id;
    const session = aSession({ accountId });
    await begin(stores.store, session);
    const confirm = (from: Hashed, to: Hashed, use: StoppingFactorUse) =>
      stores.second.confirmSession({
        accountId,
        id: session.id,
        from,
        to,
        by: use,
        at: at(minute),
        event: anEvent({ accountId, action: 'session.confirmed' }),
      });
    const [next, last] = [hashed(unique('token')), hashed(unique('token'))];
    expect(await confirm(session.tokenHash, next, step(factor, 11))).toBe('confirmed');
    expect(await confirm(next, last, step(factor, 11))).toBe('factor-spent');
    expect(await confirm(session.tokenHash, last, step(factor, 12))).toBe('gone');
    expect(await confirm(next, last, step(factor, 12)), 'what was gone spent nothing').toBe(
      'confirmed',
    );
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'session.confirmed': 2 });
  });
}

function spendingRacesContract(stores: Stores): void {
  const sessionsOf = async ({ id }: Account): Promise<Session[]> =>
    stores.store.listSessions(id, at(0));

  test('a time step or recovery code presented ten times at once starts one session', async () => {
    const { account, factor, recoveryCodes } = await enrolled(stores);
    const uses = [step(factor, 11), code(recoveryCodes[0] ?? hashed('none'))];
    for (const use of uses) {
      const came = await stores.race(10, (store) =>
        begin(store, aSession({ accountId: account.id }), { factor: { challengeId: null, use } }),
      );
      expect(came.filter((one) => one === 'begun')).toHaveLength(1);
    }
    expect(await sessionsOf(account)).toHaveLength(2);
    expect(await stores.store.factorsOf(account.id)).toMatchObject({ recoveryCodesLeft: 1 });
  });

  test('one challenge starts one session, however many correct answers arrive at the same time', async () => {
    const { account, factor } = await enrolled(stores);
    const challengeId = await due(stores, account.id);
    const came = await stores.race(8, (store, turn) =>
      begin(store, aSession({ accountId: account.id }), {
        factor: { challengeId, use: step(factor, 11 + turn) },
      }),
    );
    expect(came.filter((one) => one === 'begun')).toHaveLength(1);
    expect(await sessionsOf(account)).toHaveLength(1);
  });

  test('twenty concurrent answers use up the five available attempts', async () => {
    const { account } = await enrolled(stores);
    const id = await due(stores, account.id);
    const left = await stores.race(20, (store) => store.takeAttempt({ id, now: at(0) }));
    expect(left.filter((one) => one !== null).toSorted()).toEqual([0, 1, 2, 3, 4]);
  });
}

function leavingContract(stores: Stores): void {
  test('the recovery codes are removed with the last factor, and not before', async () => {
    const { store } = stores;
    const { account, factor } = await enrolled(stores);
    const accountId = account.id;
    const passkey = aPasskey({ accountId });
    await store.addPasskey({
      factor: passkey,
      session: null,
      recoveryCodes: [],
      stopping: stopping(accountId),
      notice: added(accountId),
    });
    const remove = (id: string, of = accountId) =>
      store.removeFactor({
        accountId: of,
        id,
        notice: aNotice(of, { event: { action: 'factor.removed' } }),
      });
    expect(await remove(factor.id, 'another-account')).toBe(false);
    expect(await remove(factor.id)).toBe(true);
    expect(await store.factorsOf(accountId)).toMatchObject({
      factors: [{ id: passkey.id }],
      recoveryCodesLeft: 2,
    });
    expect(await remove(passkey.id)).toBe(true);
    expect(await store.factorsOf(accountId)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await remove(passkey.id)).toBe(false);
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'factor.removed': 2 });
  });

  test('an undo removes the factors added since and every pending sign-in', async () => {
    const { store } = stores;
    const { account, factor } = await enrolled(stores);
    const accountId = account.id;
    const waiting = await due(stores, accountId, { email: account.email });
    const intruders = aPasskey({ accountId, confirmedAt: at(8 * day) });
    const notice = aNotice(accountId, { undo: { since: at(8 * day), expiresAt: at(15 * day) } });
    await store.addPasskey({
      factor: intruders,
      session: null,
      recoveryCodes: [],
      notice,
      stopping: stopping(accountId),
    });
    await store.redeemUndo(
      anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(8 * day + minute) }),
    );
    expect(await store.factorsOf(accountId)).toMatchObject({
      factors: [{ id: factor.id }],
      recoveryCodesLeft: 2,
    });
    expect(await store.findChallenge(waiting)).toMatchObject({ endedAt: at(8 * day + minute) });

    const first = aNotice(accountId, { undo: { since: at(second) } });
    await store.replaceRecoveryCodes({ accountId, recoveryCodes: codes(1), notice: first });
    await store.redeemUndo(
      anUndoing({ tokenHash: first.undo.tokenHash, event: anEvent(), now: at(3 * minute) }),
    );
    expect(await store.factorsOf(accountId)).toEqual({ factors: [], recoveryCodesLeft: 0 });
  });

  test('erasing a domain removes its factors', async () => {
    const account = await insertAccount(stores, { email: `${unique('someone')}@erased.test` });
    const passkey = aPasskey({ accountId: account.id });
    await stores.store.addPasskey({
      factor: passkey,
      session: null,
      recoveryCodes: codes(2),
      stopping: stopping(account.id),
      notice: added(account.id),
    });
    const challengeId = await due(stores, account.id, { email: account.email });
    await stores.store.eraseDomain('erased.test');
    expect(await stores.store.factorsOf(account.id)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await stores.store.findPasskey(passkey.credentialId ?? '')).toBeNull();
    expect(await stores.store.findPendingSignIn(challengeId)).toBeNull();
  });
}

function ceremoniesContract(stores: Stores): void {
  test('a ceremony is used once, for its purpose and before it expires', async () => {
    const open = async (subjectId: string | null) => {
      const challengeHash = hashed(unique('ceremony'));
      await stores.store.openCeremony({
        challengeHash,
        purpose: 'register',
        subjectId,
        expiresAt: at(minute),
      });
      return challengeHash;
    };
    const challengeHash = await open('a session');
    expect(
      await stores.store.takeCeremony({ challengeHash, purpose: 'sign-in', now: at(0) }),
    ).toBeNull();
    const taken = await stores.race(6, (store) =>
      store.takeCeremony({ challengeHash, purpose: 'register', now: at(0) }),
    );
    expect(taken.filter((one) => one !== null)).toEqual([{ subjectId: 'a session' }]);
    expect(
      await stores.store.takeCeremony({
        challengeHash: await open(null),
        purpose: 'register',
        now: at(minute),
      }),
    ).toBeNull();
    expect(
      await stores.store.takeCeremony({
        challengeHash: await open(null),
        purpose: 'register',
        now: at(minute - 1),
      }),
    ).toEqual({ subjectId: null });
  });
}
