import { expect, test } from 'vitest';
import { second, minute, hour, day } from '../../clock.ts';
import type { Account } from '../../records.ts';
import type { Factor, FactorRecovery } from '../../records/two-factor.ts';
import type { Store } from '../port.ts';
import { due, enrolled, step, stopping } from './factors.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aFactor,
  aNotice,
  anEvent,
  aPasskey,
  aSession,
  at,
  hashed,
  passwordHash,
  unique,
  anUndoing,
} from './samples.ts';

/** Delayed recovery of lost second factors: who starts it, what stops it, and that it is used once. */
export function factorRecoveriesContract(open: Open): void {
  const stores = useStores(open, 'once');
  waitingContract(stores);
  stoppingContract(stores);
  usingContract(stores);
}

const asking = (accountId: string, now = at(minute)) =>
  aNotice(accountId, { event: { action: 'factor.recovery-begun', at: now } });
const recoveryOf = (accountId: string, now = at(minute)): FactorRecovery => ({
  accountId,
  opensAt: new Date(now.getTime() + 72 * hour),
  closesAt: new Date(now.getTime() + 7 * day),
  usedAt: null,
  stoppedAt: null,
});

async function ask(
  stores: Stores,
  accountId: string,
  { store = stores.store, now = at(minute), challengeId = '' } = {},
): Promise<FactorRecovery | null> {
  const id =
    challengeId ||
    (await due(stores, accountId, { expiresAt: new Date(now.getTime() + 10 * minute) }));
  return store.openFactorRecovery({
    recovery: recoveryOf(accountId, now),
    challengeId: id,
    notice: asking(accountId, now),
    now,
  });
}

/** An account with a recovery that has waited since the first minute. */
async function waiting(stores: Stores): Promise<{ account: Account; factor: Factor }> {
  const { account, factor } = await enrolled(stores);
  expect(await ask(stores, account.id)).toEqual(recoveryOf(account.id));
  return { account, factor };
}

const wait = ({ second: other }: Stores, { id }: Account) => other.findFactorRecovery(id);
const recovered = (accountId: string, now: Date) => ({
  recovered: anEvent({ accountId, action: 'factor.recovered', at: now }),
});
/** A sign-in with the first factor alone. */
const signIn = (store: Store, { id: accountId }: Account, now: Date) =>
  begin(store, aSession({ accountId, createdAt: now }), recovered(accountId, now));

function waitingContract(stores: Stores): void {
  test('a recovery begins once, and repeating the request changes nothing, whatever the caller’s clock', async () => {
    const { account } = await waiting(stores);
    for (const now of [at(2 * minute), at(-10 * hour), at(71 * hour), at(6 * day)]) {
      expect(await ask(stores, account.id, { store: stores.second, now })).toEqual(
        recoveryOf(account.id),
      );
    }
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'factor.recovery-begun': 1 });
    expect(
      await ask(stores, account.id, { now: at(8 * day) }),
      'closed: another wait begins',
    ).toEqual(recoveryOf(account.id, at(8 * day)));
  });

  test('concurrent requests start one recovery', async () => {
    const { account } = await enrolled(stores);
    const times = [at(minute), at(minute + second)] as const;
    const came = await stores.race(4, (store, turn) =>
      ask(stores, account.id, { store, now: times[turn % 2] ?? times[0] }),
    );
    expect(new Set(came.map((one) => one?.opensAt.getTime())).size).toBe(1);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'factor.recovery-begun': 1 });
  });

  test('a recovery needs a pending second-factor sign-in whose password is still current', async () => {
    const { account, factor } = await enrolled(stores);
    const { id: accountId } = account;
    const [expired, used] = [await due(stores, accountId), await due(stores, accountId)];
    expect(await ask(stores, accountId, { challengeId: expired, now: at(10 * minute) })).toBeNull();
    await begin(stores.store, aSession({ accountId }), {
      factor: { challengeId: used, use: step(factor, 11) },
    });
    expect(await ask(stores, accountId, { challengeId: used })).toBeNull();
    expect(await ask(stores, accountId, { challengeId: 'none' })).toBeNull();
    const theirs = await enrolled(stores);
    expect(
      await ask(stores, accountId, { challengeId: await due(stores, theirs.account.id) }),
      'a foreign challenge',
    ).toBeNull();
    const { id: without } = await insertAccount(stores);
    expect(await ask(stores, without), 'nothing to lose').toBeNull();
    expect(await wait(stores, account)).toBeNull();
    expect(await actionsOf(stores, accountId)).not.toHaveProperty('factor.recovery-begun');
  });
}

/** The recovery has no effect, remains visible to its owner, and one notice was sent. */
async function mustBeStopped(stores: Stores, account: Account): Promise<void> {
  expect(await wait(stores, account)).toEqual({ ...recoveryOf(account.id), stoppedAt: at(hour) });
  expect(await signIn(stores.second, account, at(80 * hour))).toBe('recovery-over');
  expect(await actionsOf(stores, account.id)).toMatchObject({ 'factor.recovery-stopped': 1 });
  expect(await stores.store.keptMail(account.email)).toHaveLength(1);
}

function stoppingContract(stores: Stores): void {
  test('the owner stops a recovery with one notice, and stopping it again is not an error', async () => {
    const { account } = await waiting(stores);
    expect(await stores.race(4, (store) => store.stopFactorRecovery(stopping(account.id)))).toEqual(
      [true, true, true, true],
    );
    await mustBeStopped(stores, account);
    expect(await ask(stores, account.id, { now: at(2 * hour) }), 'another wait begins').toEqual(
      recoveryOf(account.id, at(2 * hour)),
    );
  });

  test('there is nothing to stop without a recovery, or after it closed or was used', async () => {
    const { account } = await waiting(stores);
    const { opensAt, closesAt } = recoveryOf(account.id);
    const { id: without } = await insertAccount(stores);
    for (const notice of [stopping(without), stopping(account.id, closesAt)])
      expect(await stores.store.stopFactorRecovery(notice)).toBe(false);
    await signIn(stores.store, account, opensAt);
    expect(await stores.store.stopFactorRecovery(stopping(account.id, opensAt))).toBe(false);
    expect(await actionsOf(stores, account.id)).not.toHaveProperty('factor.recovery-stopped');
  });

  const stops: Record<
    string,
    (stores: Stores, owner: { account: Account; factor: Factor }) => Promise<unknown>
  > = {
    'a factor that signs in': async ({ store }, { account: { id: accountId }, factor }) =>
      expect(
        await begin(store, aSession({ accountId }), {
          factor: { challengeId: null, use: step(factor, 11) },
        }),
      ).toBe('begun'),
    'a factor that confirms': async ({ store }, { account: { id: accountId }, factor }) => {
      const session = aSession({ accountId });
      await begin(store, session);
      const input = {
        accountId,
        id: session.id,
        from: session.tokenHash,
        to: hashed(unique('token')),
        by: step(factor, 12),
        at: at(hour),
        event: anEvent({ accountId }),
      };
      expect(await store.confirmSession(input)).toBe('confirmed');
    },
    'an app that is added': async ({ store }, { account: { id: accountId } }) => {
      const app = aFactor({ accountId });
      await store.openFactor(app);
      expect(
        await store.confirmFactor({
          accountId,
          session: null,
          id: app.id,
          counter: 1,
          recoveryCodes: [],
          stopping: stopping(accountId),
          notice: aNotice(accountId),
          now: at(hour),
        }),
      ).not.toBeNull();
    },
    'a passkey that is added': async ({ store }, { account: { id: accountId } }) =>
      expect(
        await store.addPasskey({
          factor: aPasskey({ accountId }),
          session: null,
          recoveryCodes: [],
          stopping: stopping(accountId),
          notice: aNotice(accountId),
        }),
      ).not.toBeNull(),
  };
  for (const [what, stop] of Object.entries(stops)) {
    test(`is stopped by ${what}, and its owner is told`, async () => {
      const owner = await waiting(stores);
      await stop(stores, owner);
      await mustBeStopped(stores, owner.account);
    });
  }

  const removals: typeof stops = {
    'another password': async ({ store }, { account: { id: accountId, passwordHash: from } }) =>
      expect(
        await store.changePassword({
          continued: null,
          accountId,
          from: from ?? passwordHash('none'),
          to: passwordHash('next'),
          notice: aNotice(accountId),
        }),
      ).toBe(true),
    'its owner’s “this wasn’t me”': async ({ store }, { account: { id: accountId } }) => {
      const notice = aNotice(accountId);
      await begin(store, aSession({ accountId }), { notice });
      expect(
        await store.redeemUndo(
          anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(hour) }),
        ),
      ).not.toBeNull();
    },
  };
  for (const [what, remove] of Object.entries(removals)) {
    test(`is deleted by ${what}, also when it was stopped before`, async () => {
      const [owner, other] = [await waiting(stores), await waiting(stores)];
      await stores.store.stopFactorRecovery(stopping(other.account.id));
      for (const one of [owner, other]) {
        await remove(stores, one);
        expect(await wait(stores, one.account)).toBeNull();
        expect(await signIn(stores.second, one.account, at(80 * hour))).toBe('recovery-over');
      }
      expect(await actionsOf(stores, owner.account.id)).not.toHaveProperty(
        'factor.recovery-stopped',
      );
    });
  }

  test('a factor that is wrong or of another account stops nothing', async () => {
    const [owner, other] = [await waiting(stores), await waiting(stores)];
    for (const use of [step(owner.factor, 10), step(other.factor, 99)]) {
      expect(
        await begin(stores.store, aSession({ accountId: owner.account.id }), {
          factor: { challengeId: null, use },
        }),
      ).toBe('factor-spent');
    }
    expect(await wait(stores, owner.account)).not.toBeNull();
  });
}

function usingContract(stores: Stores): void {
  test('a recovery opens and closes at its times, and has no effect before or after', async () => {
    const { account } = await waiting(stores);
    const { opensAt, closesAt } = recoveryOf(account.id);
    for (const now of [at(minute), new Date(opensAt.getTime() - 1), closesAt])
      expect(await signIn(stores.store, account, now)).toBe('recovery-over');
    expect(await stores.store.factorsOf(account.id)).toMatchObject({
      factors: [{}],
      recoveryCodesLeft: 2,
    });
    expect(await stores.store.listSessions(account.id, at(minute))).toEqual([]);
  });

  test('the sign-in that uses a recovery removes every factor, code and other session, once', async () => {
    const { account } = await waiting(stores);
    const { opensAt } = recoveryOf(account.id);
    await begin(stores.store, aSession({ accountId: account.id, createdAt: opensAt }));
    const came = await stores.race(4, (store) => signIn(store, account, opensAt));
    expect(came.toSorted()).toEqual(['begun', 'recovery-over', 'recovery-over', 'recovery-over']);
    expect(await stores.second.factorsOf(account.id)).toEqual({
      factors: [],
      recoveryCodesLeft: 0,
    });
    expect(await stores.second.listSessions(account.id, opensAt)).toHaveLength(1);
    expect(await wait(stores, account)).toEqual({ ...recoveryOf(account.id), usedAt: opensAt });
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'factor.recovered': 1 });
    await stores.store.addPasskey({
      factor: aPasskey({ accountId: account.id }),
      session: null,
      recoveryCodes: [],
      stopping: stopping(account.id),
      notice: aNotice(account.id),
    });
    expect(await wait(stores, account), 'until a factor is added').toBeNull();
  });

  test('a recovery is either stopped or used if both happen at the same time', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { account } = await waiting(stores);
      const { opensAt } = recoveryOf(account.id);
      const [used, stopped] = await Promise.all([
        signIn(stores.store, account, opensAt),
        stores.second.stopFactorRecovery(stopping(account.id, opensAt)),
      ]);
      expect([used === 'begun', stopped].filter(Boolean)).toHaveLength(1);
      expect((await stores.store.factorsOf(account.id)).factors).toHaveLength(
        used === 'begun' ? 0 : 1,
      );
    }
  });

  test('a recovery is removed a day after it closed', async () => {
    const { account } = await waiting(stores);
    await stores.store.purge(at(7 * day + hour));
    expect(await wait(stores, account)).not.toBeNull();
    await stores.store.purge(at(8 * day + 2 * minute));
    expect(await wait(stores, account)).toBeNull();
  });
}
