import { afterEach, expect, test } from 'vitest';
import { second, minute, hour, day } from '../../clock.ts';
import type { Account, Challenge } from '../../records.ts';
import type { Store } from '../port.ts';
import type { Notice } from '../port/events.ts';
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
  aChallenge,
  aDevice,
  address,
  aMail,
  anAccount,
  anEvent,
  aNotice,
  aSession,
  aSignUp,
  at,
  hashed,
  passwordHash as hashOf,
  unique,
  anUndoing,
} from './samples.ts';

/** Changes of accounts, recovery codes and undo links. */
export function accountChangesContract(open: Open): void {
  const stores = useStores(open, 'once');
  renamingContract(stores);
  passwordContract(stores);
  operatorContract(stores);
  movingContract(stores);
  recoveryContract(stores);
  recoveryRacesContract(stores);
  undoContract(stores);
  undoRacesContract(stores);
}

const laptop = hashed('laptop');

/** An account with two sessions on a known device, and another account with one on the same device. */
async function twoAccounts(
  stores: Stores,
  given: Partial<Account> = {},
): Promise<{ account: Account; stranger: Account }> {
  const [account, stranger] = [await insertAccount(stores, given), await insertAccount(stores)];
  for (const { id: accountId } of [account, account, stranger])
    await begin(stores.store, aSession({ accountId }), { device: aDevice(laptop) });
  return { account, stranger };
}

/** The mail is kept in the sandbox mailbox at once, where tests find it. */
const keptNotice = ({ id, email }: Account, action: string): Notice =>
  aNotice(id, { event: { action }, mail: { to: email, state: 'kept' } });

/** IDs of the notices sent to the address. */
const mailsTo = async ({ store }: Stores, { email }: Account): Promise<string[]> =>
  (await store.keptMail(email)).map(({ id }) => id);

const sessionsOf = async ({ second }: Stores, { id }: Account): Promise<number> =>
  (await second.listSessions(id, at(0))).length;
const knowsLaptop = ({ second }: Stores, { id }: Account): Promise<boolean> =>
  knowsDevice({ store: second }, laptop, id);

function renamingContract(stores: Stores): void {
  test('a renamed account has its new name, and is otherwise unchanged', async () => {
    const account = await insertAccount(stores);
    const renamed = { ...account, name: 'Grace' };
    expect(
      await stores.store.renameAccount({ accountId: account.id, name: 'Grace', event: anEvent() }),
    ).toEqual(renamed);
    expect(await stores.second.findAccount(account.id)).toEqual(renamed);
  });

  test('an account that does not exist cannot be renamed', async () => {
    const id = unique('account');
    expect(
      await stores.store.renameAccount({
        accountId: id,
        name: 'Grace',
        event: anEvent({ accountId: id }),
      }),
    ).toBeNull();
    expect(await actionsOf(stores, id)).toEqual({});
  });
}

function passwordContract(stores: Stores): void {
  test('changing the password invalidates the account’s recovery codes, and no other code', async () => {
    const account = await insertAccount(stores);
    const challenge = aChallenge({
      purpose: 'recover',
      email: account.email,
      subjectId: account.id,
    });
    const other = aChallenge({ purpose: 'recover' });
    for (const each of [challenge, other])
      await stores.store.openChallenge({
        challenge: each,
        mail: aMail({ to: each.email, challengeId: each.id }),
      });
    const notice = keptNotice(account, 'password.changed');
    await stores.store.changePassword({
      continued: null,
      accountId: account.id,
      from: account.passwordHash ?? hashOf('none'),
      to: hashOf('changed'),
      notice,
    });
    expect(await stores.second.findChallenge(challenge.id)).toMatchObject({
      endedAt: notice.event.at,
    });
    expect(await stores.second.findChallenge(other.id)).toMatchObject({ endedAt: null });
  });

  test('a session verified against a replaced password does not begin, and nothing is stored', async () => {
    const account = await insertAccount(stores);
    const session = aSession({ accountId: account.id });
    expect(
      await begin(stores.store, session, { provenHash: hashOf('before'), device: aDevice(laptop) }),
    ).toBe('password-changed');
    expect([
      await sessionsOf(stores, account),
      await knowsLaptop(stores, account),
      await actionsOf(stores, account.id),
    ]).toEqual([0, false, { 'operator.claimed': 1 }]);
    expect(
      await begin(stores.store, session, {
        provenHash: account.passwordHash,
        device: aDevice(laptop),
      }),
    ).toBe('begun');
  });

  test('no session verified against a password survives its change, whichever comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const account = await insertAccount(stores);
      const [from, to] = [account.passwordHash ?? hashOf('none'), hashOf(`changed ${round}`)];
      const [, changed] = await Promise.all([
        begin(stores.second, aSession({ accountId: account.id }), { provenHash: from }),
        stores.store.changePassword({
          continued: null,
          accountId: account.id,
          from,
          to,
          notice: keptNotice(account, 'password.changed'),
        }),
      ]);
      expect([changed, await sessionsOf(stores, account)]).toEqual([true, 0]);
    }
  });

  test('changing the password ends every session of the account and of no other, and keeps its devices known', async () => {
    const { account, stranger } = await twoAccounts(stores);
    const notice = keptNotice(account, 'password.changed');
    const [from, to] = [account.passwordHash ?? hashOf('none'), hashOf('changed')];
    expect(
      await stores.store.changePassword({
        continued: null,
        accountId: account.id,
        from,
        to,
        notice,
      }),
    ).toBe(true);
    expect(await stores.second.findAccount(account.id)).toEqual({ ...account, passwordHash: to });
    expect([await sessionsOf(stores, account), await sessionsOf(stores, stranger)]).toEqual([0, 1]);
    expect(await knowsLaptop(stores, account)).toBe(true);
    expect(await mailsTo(stores, account)).toEqual([notice.mail.id]);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'password.changed': 1 });
    expect(
      await stores.second.redeemUndo(
        anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(minute) }),
      ),
    ).toMatchObject({ account: { id: account.id } });
  });

  test('a password is changed only from the current hash, and a failed attempt stores nothing', async () => {
    const { account, stranger } = await twoAccounts(stores);
    const passwordless = await insertAccount(stores, { passwordHash: null });
    const from = hashOf('stale');
    for (const accountId of [account.id, stranger.id, passwordless.id, 'no-account']) {
      const notice = keptNotice(account, 'password.changed');
      expect(
        await stores.store.changePassword({
          continued: null,
          accountId,
          from,
          to: hashOf('changed'),
          notice,
        }),
      ).toBe(false);
      expect(
        await stores.store.redeemUndo(
          anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(0) }),
        ),
      ).toBeNull();
    }
    for (const one of [account, stranger, passwordless])
      expect(await stores.second.findAccount(one.id)).toEqual(one);
    expect(await sessionsOf(stores, account)).toBe(2);
    expect(await mailsTo(stores, account)).toEqual([]);
    expect(await actionsOf(stores, account.id)).not.toHaveProperty('password.changed');
  });

  test('of thirty concurrent changes from the same hash one succeeds, with one notice', async () => {
    const { account } = await twoAccounts(stores);
    const { id: accountId, passwordHash } = account;
    const changes = Array.from({ length: 30 }, (_, n) => ({
      to: hashOf(`change ${n}`),
      notice: keptNotice(account, 'password.changed'),
    }));
    const answers = await stores.race(30, (store, turn) =>
      store.changePassword({
        continued: null,
        accountId,
        from: passwordHash ?? hashOf('none'),
        ...(changes[turn] ?? { to: hashOf('none'), notice: aNotice(accountId) }),
      }),
    );
    const winner = changes[answers.indexOf(true)];
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await stores.store.findAccount(accountId)).toMatchObject({ passwordHash: winner?.to });
    expect(await mailsTo(stores, account)).toEqual([winner?.notice.mail.id]);
    expect(await actionsOf(stores, accountId)).toMatchObject({ 'password.changed': 1 });
  });
}

interface Recovery {
  account: Account;
  challenge: Challenge;
}

/** An account with a recovery code. Each of an account’s codes has its own challenge. */
async function recovering(
  stores: Stores,
  given: { account?: Account; challenge?: Partial<Challenge> } = {},
): Promise<Recovery> {
  const account = given.account ?? (await insertAccount(stores));
  const { id: subjectId, email } = account;
  const challenge = aChallenge({ purpose: 'recover', email, subjectId, ...given.challenge });
  await stores.store.openChallenge({
    challenge,
    mail: aMail({ to: email, challengeId: challenge.id }),
  });
  return { account, challenge };
}

const recovery = (
  { account, challenge }: Recovery,
  given: { code?: string; password?: string; now?: Date } = {},
) => {
  const completion = {
    passwordHash: hashOf(given.password ?? 'recovered'),
    notice: keptNotice(account, 'password.reset'),
  };
  return {
    challengeId: challenge.id,
    codeHash: hashed(given.code ?? 'right'),
    complete: async () => completion,
    completion,
    now: given.now ?? at(minute),
  };
};

function operatorContract(stores: Stores): void {
  const change = (store: Store, by: Account, { id }: Account, operator: boolean) =>
    store.changeOperator({
      accountId: id,
      operator,
      notice: aNotice(id, {
        event: { action: operator ? 'operator.added' : 'operator.removed', actorId: by.id },
      }),
    });
  const operatorsOf = async (accounts: readonly Account[]): Promise<boolean[]> =>
    Promise.all(
      accounts.map(async ({ id }) => (await stores.second.findAccount(id))?.operator ?? false),
    );
  /** Other tests leave operators behind; here only these remain. */
  async function onlyOperators(count: number): Promise<Account[]> {
    const accounts: Account[] = [];
    for (let n = 0; n < count; n += 1)
      accounts.push(
        await insertAccount(stores, { operator: true, email: address('operators.test') }),
      );
    return accounts;
  }
  afterEach(() => stores.store.eraseDomain('operators.test'));

  test('an operator makes another one and removes the role: sessions end and the account is notified', async () => {
    const { store } = stores;
    const [ada] = (await onlyOperators(1)) as [Account];
    const bob = await insertAccount(stores);
    await begin(store, aSession({ accountId: bob.id }));
    const notice = keptNotice(bob, 'operator.added');
    expect(
      await store.changeOperator({
        accountId: bob.id,
        operator: true,
        notice: { ...notice, event: { ...notice.event, actorId: ada.id } },
      }),
    ).toBe('changed');
    expect([
      await operatorsOf([ada, bob]),
      await sessionsOf(stores, bob),
      await mailsTo(stores, bob),
    ]).toEqual([[true, true], 0, [notice.mail.id]]);
    await begin(store, aSession({ accountId: ada.id }));
    expect(await change(store, bob, ada, false)).toBe('changed');
    expect([await operatorsOf([ada, bob]), await sessionsOf(stores, ada)]).toEqual([
      [false, true],
      1,
    ]);
    expect(await actionsOf(stores, bob.id)).toMatchObject({ 'operator.added': 1 });
    expect(await actionsOf(stores, ada.id)).toMatchObject({ 'operator.removed': 1 });
    await insertAccount(stores, { operator: true, email: address('operators.test') }).then((next) =>
      change(store, next, bob, false),
    );
  });

  test('a caller who is not an operator changes nothing, and an unchanged role is not recorded', async () => {
    const { store } = stores;
    const [ada] = (await onlyOperators(1)) as [Account];
    const bob = await insertAccount(stores);
    expect(await change(store, bob, bob, true)).toBe('refused');
    expect(await change(store, bob, ada, false)).toBe('refused');
    expect(await change(store, ada, bob, false)).toBe('unchanged');
    expect(await change(store, ada, ada, true)).toBe('unchanged');
    expect(await change(store, ada, anAccount(), true)).toBe('unchanged');
    expect([await operatorsOf([ada, bob]), await actionsOf(stores, bob.id)]).toEqual([
      [true, false],
      { 'operator.claimed': 1 },
    ]);
  });

  test('the last operator keeps the role', async () => {
    const [ada] = (await onlyOperators(1)) as [Account];
    expect(await change(stores.store, ada, ada, false)).toBe('last');
    expect(await actionsOf(stores, ada.id)).toEqual({ 'operator.claimed': 1 });
  });

  test('of operators who remove the role from each other or themselves at the same instant, one remains', async () => {
    for (const towards of [1, 0]) {
      const [ada, bob] = (await onlyOperators(2)) as [Account, Account];
      const pair = [ada, bob] as const;
      const outcomes = await stores.race(2, (store, turn) =>
        change(store, pair[turn % 2] ?? ada, pair[(turn + towards) % 2] ?? bob, false),
      );
      expect((await operatorsOf(pair)).filter(Boolean)).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1);
      await stores.store.eraseDomain('operators.test');
    }
  });
}

function recoveryContract(stores: Stores): void {
  test('the correct code sets the password, ends every session and forgets the account’s devices, once', async () => {
    const { account, stranger } = await twoAccounts(stores);
    const recovered = await recovering(stores, { account });
    const input = recovery(recovered);
    const after = { ...account, passwordHash: hashOf('recovered') };
    expect(await stores.store.redeemRecovery(input)).toEqual({ kind: 'redeemed', account: after });
    expect(await stores.second.findAccount(account.id)).toEqual(after);
    expect(await stores.second.findChallenge(recovered.challenge.id)).toEqual({
      ...recovered.challenge,
      attemptsLeft: 4,
      endedAt: at(minute),
    });
    expect([await sessionsOf(stores, account), await sessionsOf(stores, stranger)]).toEqual([0, 1]);
    expect([await knowsLaptop(stores, account), await knowsLaptop(stores, stranger)]).toEqual([
      false,
      true,
    ]);
    expect(await stores.second.redeemRecovery(recovery(recovered, { password: 'again' }))).toEqual({
      kind: 'over',
    });
    expect(await stores.store.findAccount(account.id)).toEqual(after);
    expect(await mailsTo(stores, account)).toEqual([input.completion.notice.mail.id]);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'password.reset': 1 });
    expect(
      await stores.second.redeemUndo(
        anUndoing({ tokenHash: input.completion.notice.undo.tokenHash, now: at(hour) }),
      ),
    ).not.toBeNull();
  });

  test('`complete` is called with the account only after the correct code', async () => {
    const asked = await recovering(stores);
    const owners: Account[] = [];
    const redeem = (code: string, { challenge, account } = asked) => {
      const input = recovery({ challenge, account }, { code });
      const complete = (owner: Account) => {
        owners.push(owner);
        return input.complete();
      };
      return stores.store.redeemRecovery({ ...input, complete });
    };
    const withoutAccount = await recovering(stores, { challenge: { subjectId: null } });
    expect(await redeem('right', withoutAccount)).toEqual({ kind: 'over' });
    expect(await redeem('wrong')).toMatchObject({ kind: 'wrong' });
    expect(owners).toEqual([]);
    expect(await redeem('right')).toMatchObject({ kind: 'redeemed' });
    expect(owners).toEqual([asked.account]);
  });

  test('a wrong code uses up an attempt, and after the last one the correct code is rejected', async () => {
    const asked = await recovering(stores, { challenge: { attemptsLeft: 2 } });
    for (const attemptsLeft of [1, 0])
      expect(await stores.store.redeemRecovery(recovery(asked, { code: 'wrong' }))).toEqual({
        kind: 'wrong',
        attemptsLeft,
      });
    expect(await stores.store.redeemRecovery(recovery(asked))).toEqual({ kind: 'over' });
    expect(await stores.second.findAccount(asked.account.id)).toEqual(asked.account);
    expect(await mailsTo(stores, asked.account)).toEqual([]);
    expect(await actionsOf(stores, asked.account.id)).not.toHaveProperty('password.reset');
  });

  test('a challenge that is expired, unknown or for another purpose is over, and uses up no attempt', async () => {
    const late = await recovering(stores, { challenge: { expiresAt: at(minute) } });
    const other = await recovering(stores, { challenge: { purpose: 'verify-email' } });
    for (const asked of [late, other]) {
      expect(await stores.store.redeemRecovery(recovery(asked))).toEqual({ kind: 'over' });
      expect(await stores.second.findChallenge(asked.challenge.id)).toEqual(asked.challenge);
      expect(await stores.second.findAccount(asked.account.id)).toEqual(asked.account);
    }
    expect(
      await stores.store.redeemRecovery(recovery({ ...late, challenge: aChallenge() })),
    ).toEqual({ kind: 'over' });
    expect(
      await stores.store.redeemRecovery(recovery(late, { now: at(minute - 1) })),
    ).toMatchObject({ kind: 'redeemed' });
  });

  test('the correct code of a challenge without a subject, or whose account is gone, is over and used up', async () => {
    for (const subjectId of [null, unique('account')]) {
      const asked = await recovering(stores, { account: anAccount(), challenge: { subjectId } });
      expect(await stores.store.redeemRecovery(recovery(asked, { code: 'wrong' }))).toEqual({
        kind: 'wrong',
        attemptsLeft: 4,
      });
      expect(await stores.store.redeemRecovery(recovery(asked))).toEqual({ kind: 'over' });
      expect(await stores.second.findChallenge(asked.challenge.id)).toEqual({
        ...asked.challenge,
        attemptsLeft: 3,
        endedAt: at(minute),
      });
      expect(await mailsTo(stores, asked.account)).toEqual([]);
      expect(await actionsOf(stores, asked.account.id)).toEqual({});
    }
  });

  test('a recovery invalidates every other recovery challenge of the address with its undelivered mail, and nothing else', async () => {
    const domain = `${unique('domain')}.test`;
    const account = await insertAccount(stores, { email: address(domain) });
    const [used, other] = [
      await recovering(stores, { account }),
      await recovering(stores, { account }),
    ];
    const show = await recovering(stores, { account, challenge: { subjectId: null } });
    const stranger = await recovering(stores, {
      account: await insertAccount(stores, { email: address(domain) }),
    });
    const signUp = aSignUp({ email: account.email });
    await stores.store.openSignUp(signUp);
    await stores.store.redeemRecovery(recovery(used));
    for (const { challenge } of [other, show])
      expect(await stores.second.findChallenge(challenge.id)).toEqual({
        ...challenge,
        endedAt: at(minute),
      });
    for (const { challenge } of [stranger, signUp])
      expect(await stores.second.findChallenge(challenge.id)).toEqual(challenge);
    expect(await stores.second.redeemRecovery(recovery(other))).toEqual({ kind: 'over' });
    await stores.store.holdMail(domain, at(day));
    const left = (await stores.store.takeHeldMail(domain)).map(({ challengeId }) => challengeId);
    expect(left.toSorted()).toEqual([stranger.challenge.id, signUp.challenge.id].toSorted());
  });

  test('the notice of a recovery is queued for delivery while other mails are dropped', async () => {
    const domain = `${unique('domain')}.test`;
    const asked = await recovering(stores, {
      account: await insertAccount(stores, { email: address(domain) }),
    });
    await stores.store.holdMail(domain, at(day));
    const notice = aNotice(asked.account.id, { mail: { to: asked.account.email } });
    const completion = { passwordHash: hashOf('recovered'), notice };
    await stores.store.redeemRecovery({ ...recovery(asked), complete: async () => completion });
    expect(await stores.second.takeHeldMail(domain)).toEqual([notice.mail]);
  });
}

function recoveryRacesContract(stores: Stores): void {
  test('of thirty concurrent recoveries with the correct code one succeeds, with one notice', async () => {
    const { account } = await twoAccounts(stores);
    const asked = await recovering(stores, { account });
    const inputs = Array.from({ length: 30 }, (_, n) =>
      recovery(asked, { password: `recovered ${n}` }),
    );
    const answers = await stores.race(30, (store, turn) =>
      store.redeemRecovery(inputs[turn] ?? recovery(asked)),
    );
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual([
      ...Array.from({ length: 29 }, () => 'over'),
      'redeemed',
    ]);
    const winner = inputs[answers.findIndex(({ kind }) => kind === 'redeemed')];
    expect(await stores.store.findAccount(account.id)).toMatchObject({
      passwordHash: winner?.completion.passwordHash,
    });
    expect(await mailsTo(stores, account)).toEqual([winner?.completion.notice.mail.id]);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'password.reset': 1 });
  });

  test('of fifty concurrent wrong guesses five are wrong and forty-five too many', async () => {
    const asked = await recovering(stores);
    const answers = await stores.race(50, (store) =>
      store.redeemRecovery(recovery(asked, { code: 'wrong' })),
    );
    const left = answers.flatMap((answer) =>
      answer.kind === 'wrong' ? [answer.attemptsLeft] : [],
    );
    expect(left.toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(answers.filter(({ kind }) => kind === 'over')).toHaveLength(45);
  });

  test('two codes of one account redeemed at the same time recover it once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const account = await insertAccount(stores);
      const asked = [
        await recovering(stores, { account }),
        await recovering(stores, { account }),
      ] as const;
      const answers = await stores.race(2, (store, turn) =>
        store.redeemRecovery(recovery(asked[turn === 0 ? 0 : 1])),
      );
      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['over', 'redeemed']);
      expect(await actionsOf(stores, account.id)).toMatchObject({ 'password.reset': 1 });
    }
  });
}

/** An account that was notified of a change: its hash at that time, and the link in the notice. */
async function noticed(stores: Stores, expiresAt = at(7 * day)) {
  const { account, stranger } = await twoAccounts(stores);
  const kept = keptNotice(account, 'session.begun');
  const { undo, event } = kept;
  const notice = { ...kept, undo: { ...undo, expiresAt } };
  await begin(stores.store, aSession({ accountId: account.id }), { notice, event });
  return { account, stranger, tokenHash: undo.tokenHash };
}

function undoContract(stores: Stores): void {
  test('an undo invalidates the password, ends every session and forgets the account’s devices, once', async () => {
    const { account, stranger, tokenHash } = await noticed(stores);
    const secured = { ...account, passwordHash: null };
    const { accountId: _, ...event } = anEvent({ action: 'account.secured', actorId: null });
    expect(await stores.store.redeemUndo(anUndoing({ tokenHash, event, now: at(hour) }))).toEqual({
      account: secured,
      address: 'restored',
      since: at(0),
      doneToOthers: [],
    });
    expect(await stores.second.findAccount(account.id)).toEqual(secured);
    expect([await sessionsOf(stores, account), await sessionsOf(stores, stranger)]).toEqual([0, 1]);
    expect([await knowsLaptop(stores, account), await knowsLaptop(stores, stranger)]).toEqual([
      false,
      true,
    ]);
    expect(
      await stores.second.redeemUndo(anUndoing({ tokenHash, event: anEvent(), now: at(hour) })),
    ).toBeNull();
    const recorded = await stores.second.listEvents({
      accountId: account.id,
      before: null,
      limit: 100,
    });
    expect(recorded.filter(({ action }) => action === 'account.secured')).toEqual([
      { ...event, accountId: account.id },
    ]);
    expect(await actionsOf(stores, '')).toEqual({});
  });

  test('an account without a password is recovered by a code, and its previous hash cannot change anything', async () => {
    const { account, tokenHash } = await noticed(stores);
    await stores.store.redeemUndo(anUndoing({ tokenHash, event: anEvent(), now: at(0) }));
    const stale = {
      accountId: account.id,
      from: account.passwordHash ?? hashOf('none'),
      to: hashOf('thief'),
    };
    expect(
      await stores.store.changePassword({ ...stale, continued: null, notice: aNotice(account.id) }),
    ).toBe(false);
    expect(await stores.store.replacePasswordHash(stale)).toBe(false);
    expect(
      await stores.store.redeemRecovery(recovery(await recovering(stores, { account }))),
    ).toMatchObject({ kind: 'redeemed' });
    expect(await stores.second.findAccount(account.id)).toMatchObject({
      passwordHash: hashOf('recovered'),
    });
  });

  test('an undo works until the instant it expires', async () => {
    const { account, tokenHash } = await noticed(stores, at(hour));
    expect(
      await stores.store.redeemUndo(anUndoing({ tokenHash, event: anEvent(), now: at(hour) })),
    ).toBeNull();
    expect(await stores.second.findAccount(account.id)).toEqual(account);
    expect(
      await stores.store.redeemUndo(anUndoing({ tokenHash, event: anEvent(), now: at(hour - 1) })),
    ).not.toBeNull();
  });

  test('an undo that is unknown, or whose account is gone, changes and records nothing', async () => {
    const session = aSession();
    const { accountId } = session;
    const notice = aNotice(accountId);
    const { undo } = notice;
    await begin(stores.store, session, { notice });
    const event = anEvent({ accountId, action: 'account.secured' });
    for (const tokenHash of [hashed('no such undo'), undo.tokenHash])
      expect(await stores.store.redeemUndo(anUndoing({ tokenHash, event, now: at(0) }))).toBeNull();
    expect(await actionsOf(stores, accountId)).toEqual({ 'session.begun': 1 });
  });
}

function undoRacesContract(stores: Stores): void {
  test('an undo invalidates recovery codes that were sent before', async () => {
    const account = await insertAccount(stores);
    const challenge = aChallenge({
      purpose: 'recover',
      email: account.email,
      subjectId: account.id,
    });
    await stores.store.openChallenge({
      challenge,
      mail: aMail({ to: account.email, challengeId: challenge.id }),
    });
    const notice = keptNotice(account, 'session.begun');
    await begin(stores.store, aSession({ accountId: account.id }), { notice });
    expect(
      await stores.store.redeemUndo(
        anUndoing({ tokenHash: notice.undo.tokenHash, event: anEvent(), now: at(second) }),
      ),
    ).not.toBeNull();
    expect(await stores.second.findChallenge(challenge.id)).toMatchObject({ endedAt: at(second) });
  });

  test('of thirty concurrent uses of one undo one succeeds', async () => {
    const { account, tokenHash } = await noticed(stores);
    const answers = await stores.race(30, (store) =>
      store.redeemUndo(
        anUndoing({ tokenHash, event: anEvent({ action: 'account.secured' }), now: at(second) }),
      ),
    );
    expect(answers.filter((answer) => answer !== null)).toMatchObject([
      { account: { ...account, passwordHash: null } },
    ]);
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'account.secured': 1 });
  });

  test('an undo prevails over a password change at the same instant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { account, tokenHash } = await noticed(stores);
      const { id: accountId, passwordHash } = account;
      const change = {
        accountId,
        from: passwordHash ?? hashOf('none'),
        to: hashOf('thief'),
        continued: null,
        notice: aNotice(accountId),
      };
      const [undone] = await Promise.all([
        stores.store.redeemUndo(anUndoing({ tokenHash, event: anEvent(), now: at(0) })),
        stores.second.changePassword(change),
      ]);
      expect(undone).not.toBeNull();
      expect(await stores.store.findAccount(accountId)).toMatchObject({ passwordHash: null });
      expect(await sessionsOf(stores, account)).toBe(0);
    }
  });
}

function movingContract(stores: Stores): void {
  /** A challenge whose correct code changes the account’s email address. */
  const asked = async (account: Account, given: Partial<Challenge> = {}): Promise<Challenge> => {
    const challenge = aChallenge({
      purpose: 'change-email',
      email: address(),
      subjectId: account.id,
      ...given,
    });
    await stores.store.openChallenge({ challenge, mail: aMail({ challengeId: challenge.id }) });
    return challenge;
  };
  const redeem = ({ id }: Challenge, account: Account, given = {}) => {
    const notice = aNotice(account.id, { event: { action: 'account.email-changed' } });
    return {
      notice,
      came: stores.second.redeemEmailChange({
        challengeId: id,
        codeHash: hashed('right'),
        notice,
        now: at(minute),
        ...given,
      }),
    };
  };

  test('a changed email address is stored, and codes sent to the old one are invalid', async () => {
    const { account } = await twoAccounts(stores);
    const recovery = aChallenge({
      purpose: 'recover',
      email: account.email,
      subjectId: account.id,
    });
    await stores.store.openChallenge({ challenge: recovery, mail: aMail() });
    const challenge = await asked(account);
    const stranger = aSignUp({ email: challenge.email });
    await stores.store.openSignUp(stranger);
    expect(await redeem(challenge, account, { codeHash: hashed('wrong') }).came).toEqual({
      kind: 'wrong',
      attemptsLeft: 4,
    });
    const moved = { ...account, email: challenge.email };
    expect(await redeem(challenge, account).came).toEqual({ kind: 'redeemed', account: moved });
    expect(await stores.store.findAccountByEmail(challenge.email)).toEqual(moved);
    expect(await stores.store.findAccountByEmail(account.email)).toBeNull();
    expect(await stores.store.findChallenge(recovery.id)).toMatchObject({ endedAt: at(minute) });
    expect(await stores.store.newestSignUp(challenge.email, at(minute))).toBeNull();
    expect(await sessionsOf(stores, account), 'its sessions continue').toBe(2);
    expect(await redeem(challenge, account).came).toEqual({ kind: 'over' });
    expect(await actionsOf(stores, account.id)).toMatchObject({ 'account.email-changed': 1 });
  });

  test('an address that another account has is taken, and a decoy challenge has no correct code', async () => {
    const { account, stranger } = await twoAccounts(stores);
    expect(await redeem(await asked(account, { email: stranger.email }), account).came).toEqual({
      kind: 'taken',
    });
    expect(await redeem(await asked(account, { subjectId: null }), account).came).toEqual({
      kind: 'over',
    });
    expect(await stores.store.findAccount(account.id)).toEqual(account);
    expect(await actionsOf(stores, account.id)).not.toHaveProperty('account.email-changed');
  });

  test('of two accounts that change to one address at the same time one succeeds', async () => {
    const [one, other] = [await insertAccount(stores), await insertAccount(stores)];
    const email = address();
    const challenges = [await asked(one, { email }), await asked(other, { email })];
    const came = await Promise.all([
      redeem(challenges[0] ?? aChallenge(), one).came,
      redeem(challenges[1] ?? aChallenge(), other).came,
    ]);
    expect(came.map(({ kind }) => kind).toSorted()).toEqual(['redeemed', 'taken']);
  });
}
