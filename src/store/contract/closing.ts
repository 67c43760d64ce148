import { expect, test } from 'vitest';
import { minute, hour, day } from '../../clock.ts';
import type { Account, Hashed } from '../../records.ts';
import { due, enrolled, step, stopping } from './factors.ts';
import { actionsOf, begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  type Beginning,
  aChallenge,
  aMail,
  anEvent,
  aNotice,
  aPasskey,
  aPendingSignIn,
  aSession,
  aSignUp,
  at,
  hashed,
  passwordHash,
  unique,
  anUndoing,
} from './samples.ts';

/** Accounts scheduled for deletion, and their erasure. */
export function closingContract(open: Open): void {
  const stores = useStores(open, 'each-time');
  leavingContract(stores);
  erasingContract(stores);
}

const close = (stores: Stores, { id, email }: Account, erasedAt = at(14 * day)) =>
  stores.store.closeAccount({
    accountId: id,
    erasedAt,
    notice: aNotice(id, { event: { action: 'account.closing' }, mail: { to: email } }),
  });

async function offer({ store }: Stores, { id }: Account): Promise<Hashed> {
  const tokenHash = hashed(unique('reopening'));
  await store.offerReopening({ accountId: id, tokenHash, expiresAt: at(10 * minute) });
  return tokenHash;
}
const reopen = ({ second }: Stores, tokenHash: Hashed, now = at(0)) =>
  second.reopenAccount({ tokenHash, event: anEvent({ action: 'account.reopened' }), now });

function leavingContract(stores: Stores): void {
  test('an account scheduled for deletion has no session and begins none until it is restored', async () => {
    const account = await insertAccount(stores);
    const start = () => begin(stores.second, aSession({ accountId: account.id }));
    await start();
    expect(
      await stores.store.offerReopening({
        accountId: account.id,
        tokenHash: hashed('early'),
        expiresAt: at(hour),
      }),
    ).toBeNull();
    expect(await close(stores, account)).toBe('closing');
    expect(await close(stores, account)).toBe('unchanged');
    expect(await stores.second.listSessions(account.id, at(0))).toEqual([]);
    expect(await start()).toBe('account-closing');

    const stale = await offer(stores, account);
    const fresh = hashed(unique('reopening'));
    expect(
      await stores.store.offerReopening({
        accountId: account.id,
        tokenHash: fresh,
        expiresAt: at(10 * minute),
      }),
    ).toEqual(at(14 * day));
    expect(await reopen(stores, stale), 'replaced').toBe(false);
    expect(await reopen(stores, fresh, at(10 * minute)), 'expired').toBe(false);
    expect(await reopen(stores, fresh)).toBe(true);
    expect(await reopen(stores, fresh), 'used').toBe(false);
    expect(await start()).toBe('begun');
    expect(await actionsOf(stores, account.id)).toMatchObject({
      'account.closing': 1,
      'account.reopened': 1,
    });
  });

  test('the scheduled deletion is disclosed only to a caller with valid sign-in factors', async () => {
    const { store, second } = stores;
    const { account, factor } = await enrolled(stores);
    const challengeId = await due(stores, account.id);
    await close(stores, account);
    const start = (given: Partial<Beginning>) =>
      begin(second, aSession({ accountId: account.id }), given);
    const bogus = {
      kind: 'recovery-code',
      codeHash: hashed('no code of theirs'),
      stopping: stopping(account.id),
    } as const;
    expect(await start({ provenHash: passwordHash('of before') })).toBe('password-changed');
    expect(await start({ factor: { challengeId, use: bogus } })).toBe('factor-spent');
    expect(await start({ factor: 'none' })).toBe('factor-due');
    expect(await start({ recovered: anEvent({ accountId: account.id }) })).toBe('recovery-over');
    expect(await start({ factor: { challengeId, use: step(factor, 11) } })).toBe('account-closing');
    expect(
      await start({ factor: { challengeId, use: step(factor, 12) } }),
      'the challenge was met',
    ).toBe('challenge-over');
    const another = await due(stores, account.id);
    expect(
      await start({ factor: { challengeId: another, use: step(factor, 11) } }),
      'the code was used',
    ).toBe('factor-spent');
    expect((await store.factorsOf(account.id)).factors).toHaveLength(1);
    expect(await actionsOf(stores, account.id)).not.toHaveProperty('session.begun');
  });

  test('the last operator cannot delete their account, but another operator can', async () => {
    const [one, other] = [
      await insertAccount(stores, { operator: true }),
      await insertAccount(stores, { operator: true }),
    ];
    const came = await Promise.all([close(stores, one), close(stores, other)]);
    expect(came.toSorted()).toEqual(['closing', 'last']);
  });

  test('the last operator who can sign in keeps the role while the other one is being deleted', async () => {
    const [one, other] = [
      await insertAccount(stores, { operator: true }),
      await insertAccount(stores, { operator: true }),
    ];
    expect(await close(stores, other)).toBe('closing');
    const stepDown = () =>
      stores.second.changeOperator({
        accountId: one.id,
        operator: false,
        notice: aNotice(one.id, { event: { action: 'operator.removed', actorId: one.id } }),
      });
    expect(await stepDown()).toBe('last');
    await reopen(stores, await offer(stores, other));
    expect(await stepDown()).toBe('changed');
  });

  test('a session that begins while the deletion is scheduled has ended, or did not begin', async () => {
    for (let round = 0; round < 5; round += 1) {
      const account = await insertAccount(stores);
      await Promise.all([
        begin(stores.second, aSession({ accountId: account.id })),
        close(stores, account),
      ]);
      expect(await stores.store.listSessions(account.id, at(0))).toEqual([]);
    }
  });

  test('an undo cancels the deletion', async () => {
    const account = await insertAccount(stores);
    const notice = aNotice(account.id);
    await stores.store.closeAccount({ accountId: account.id, erasedAt: at(day), notice });
    await stores.store.redeemUndo(
      anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(hour) }),
    );
    expect(await stores.store.eraseClosed(at(2 * day))).toBe(0);
    expect(await begin(stores.store, aSession({ accountId: account.id }))).toBe('begun');
  });
}

function erasingContract(stores: Stores): void {
  test('when deletion is due, only pseudonyms of the account remain, and other accounts are unchanged', async () => {
    const { store, second } = stores;
    const [account, other] = [await insertAccount(stores), await insertAccount(stores)];
    for (const { id, email } of [account, other]) {
      await begin(store, aSession({ accountId: id }));
      await store.addPasskey({
        factor: aPasskey({ accountId: id }),
        session: null,
        recoveryCodes: [hashed(unique('code'))],
        stopping: aNotice(id),
        notice: aNotice(id, { mail: { to: email, state: 'kept' } }),
      });
      await store.openSignUp(aSignUp({ email }));
      await store.openChallenge({
        challenge: aChallenge({ purpose: 'recover', email, subjectId: id }),
        mail: aMail({ to: email }),
      });
    }
    const challenge = aChallenge({
      purpose: 'second-factor',
      email: account.email,
      subjectId: account.id,
    });
    await store.openSecondFactor({
      challenge,
      pending: aPendingSignIn({ id: challenge.id, accountId: account.id }),
    });
    await close(stores, account);

    expect(await second.eraseClosed(at(14 * day - 1))).toBe(0);
    expect(
      (await stores.race(4, (each) => each.eraseClosed(at(14 * day)))).reduce((sum, n) => sum + n),
    ).toBe(1);
    expect(await second.findAccount(account.id)).toBeNull();
    expect(await second.findAccountByEmail(account.email)).toBeNull();
    expect(await second.factorsOf(account.id)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect([
      await second.findChallenge(challenge.id),
      await second.findPendingSignIn(challenge.id),
    ]).toEqual([null, null]);
    expect(await second.newestSignUp(account.email, at(0))).toBeNull();
    expect(await second.keptMail(account.email)).toEqual([]);
    const left = await second.listEvents({ accountId: account.id, before: null, limit: 100 });
    expect(left.length).toBeGreaterThan(2);
    expect(
      left.every(
        ({ address, device, target }) => address === '' && device === '' && target === null,
      ),
    ).toBe(true);

    expect(await second.findAccount(other.id)).toEqual(other);
    expect(await second.factorsOf(other.id)).toMatchObject({ factors: [{}], recoveryCodesLeft: 1 });
    expect(await second.listSessions(other.id, at(0))).toHaveLength(1);
    expect(await second.keptMail(other.email)).toHaveLength(1);
    expect(await second.newestSignUp(other.email, at(0))).not.toBeNull();
  });

  test('an account whose deletion is due cannot be restored', async () => {
    const account = await insertAccount(stores);
    await close(stores, account, at(minute));
    expect(await reopen(stores, await offer(stores, account), at(minute))).toBe(false);
  });
}
