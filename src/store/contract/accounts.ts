import { describe, expect, test } from 'vitest';
import { minute, hour, day } from '../../clock.ts';
import type { Account, Hashed } from '../../records.ts';
import type { Store } from '../port.ts';
import type { Redemption } from '../port/challenges.ts';
import { begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aChallenge,
  aMail,
  anAccount,
  address,
  anEvent,
  aSession,
  aSignUp,
  at,
  claiming,
  hashed,
  type OpenedSignUp,
  passwordHash as hashOf,
  unique,
} from './samples.ts';

const kinds = (answers: readonly { kind: string }[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const { kind } of answers) counted[kind] = (counted[kind] ?? 0) + 1;
  return counted;
};

const redeem = (
  opened: OpenedSignUp,
  given: { code?: string; accountId?: string; now?: Date } = {},
) => {
  const accountId = given.accountId ?? unique('account');
  const now = given.now ?? at(minute);
  return {
    challengeId: opened.challenge.id,
    codeHash: hashed(given.code ?? 'right'),
    accountId,
    event: anEvent({ action: 'account.created', accountId, at: now }),
    now,
  };
};

/** Accounts, sign-ups and the operator’s claim. */
export function accountsContract(open: Open): void {
  describe('counting accounts', () => countsContract(open));
  describe('listing accounts', () => listContract(open));
  const stores = useStores(open, 'once');
  openSignUpContract(stores);
  redeemSignUpContract(stores);
  signUpRacesContract(stores);
  claimContract(stores);
}

function countsContract(open: Open): void {
  const fresh = useStores(open, 'each-time');

  test('an empty store has no account and no operator', async () => {
    expect(await fresh.store.countAccounts()).toBe(0);
    expect(await fresh.store.hasOperator()).toBe(false);
    expect(await fresh.store.findAccount('no-account')).toBeNull();
    expect(await fresh.store.findAccountByEmail('nobody@example.com')).toBeNull();
  });

  test('accounts are counted, and the presence of an operator is known', async () => {
    const opened = aSignUp();
    await fresh.store.openSignUp(opened);
    expect(await fresh.store.countAccounts()).toBe(0);
    await fresh.store.redeemSignUp(redeem(opened));
    expect(await fresh.second.countAccounts()).toBe(1);
    expect(await fresh.second.hasOperator()).toBe(false);
    await fresh.store.insertClaim({ tokenHash: hashed('claim'), expiresAt: at(hour) });
    await fresh.store.redeemClaim(claiming(hashed('claim'), anAccount({ operator: true })));
    expect(await fresh.second.countAccounts()).toBe(2);
    expect(await fresh.second.hasOperator()).toBe(true);
  });
}

function listContract(open: Open): void {
  const stores = useStores(open, 'each-time');
  const emails = [
    'ada@one.test',
    'adam@one.test',
    'b@sub.one.test',
    'bob@one.test',
    'zoe@two.test',
  ];
  const names = ['Ada', 'Émile Zola', 'Bea', '', '%'];
  const insert = async () => {
    const accounts = [];
    for (const [n, email] of emails.entries())
      accounts.push(await insertAccount(stores, { email, name: names[n] ?? '' }));
    return accounts;
  };
  const page = (given: Partial<Parameters<Store['listAccounts']>[0]> = {}) =>
    stores.second.listAccounts({
      search: '',
      except: null,
      after: null,
      limit: 100,
      now: at(0),
      ...given,
    });
  const found = async (search: string): Promise<string[]> =>
    (await page({ search })).map(({ account }) => account.email);

  test('accounts are listed by address in pages, without members of the excluded domain', async () => {
    const accounts = await insert();
    expect((await page()).map(({ account }) => account)).toEqual(accounts);
    for (const limit of [1, 2, 4])
      expect(
        (await page({ after: accounts[0]?.id ?? '', limit })).map(({ account }) => account),
      ).toEqual(accounts.slice(1, 1 + limit));
    expect(await page({ after: 'no such account' })).toEqual([]);
    const chief = await insertAccount(stores, { email: 'chief@one.test', operator: true });
    expect((await page({ except: 'one.test' })).map(({ account }) => account.email)).toEqual([
      'b@sub.one.test',
      chief.email,
      'zoe@two.test',
    ]);
    expect(await page({ except: 'onextest' })).toHaveLength(6);
  });

  test('accounts are found by the start of their address or name in any case, and wildcards match literally', async () => {
    const [ada, adam] = await insert();
    expect(await found('ad')).toEqual(['ada@one.test', 'adam@one.test']);
    expect(await found('b')).toEqual(['b@sub.one.test', 'bob@one.test']);
    expect(await found('émi')).toEqual(['adam@one.test']);
    expect(await found('zo')).toEqual(['zoe@two.test']);
    expect(await found('%')).toEqual(['zoe@two.test']);
    for (const nothing of ['one.test', '.*', '_da', 'a%', '$where', 'ada@one.test.'])
      expect(await found(nothing)).toEqual([]);
    await stores.store.renameAccount({ accountId: adam?.id ?? '', name: 'Zola', event: anEvent() });
    expect([
      await found('émi'),
      await found('zo'),
      (await page({ search: 'ad', after: ada?.id ?? '' })).length,
    ]).toEqual([[], ['adam@one.test', 'zoe@two.test'], 1]);
  });

  test('each listed account has its number of active sessions and their latest use', async () => {
    const { id: accountId } = await insertAccount(stores, { email: 'a@one.test' });
    const sessions = [
      aSession({ accountId }),
      aSession({ accountId, createdAt: at(minute) }),
      aSession({ accountId, idle: 1 }),
      aSession({ accountId, expiresAt: at(0) }),
    ];
    for (const session of sessions) await begin(stores.store, session);
    await insertAccount(stores, { email: 'b@one.test' });
    const listed = await page({ now: at(minute) });
    expect(listed.map(({ sessions: valid, lastUsedAt }) => [valid, lastUsedAt])).toEqual([
      [2, at(minute)],
      [0, null],
    ]);
  });
}

function openSignUpContract(stores: Stores): void {
  test('a sign-up is stored with its challenge and mail', async () => {
    const opened = aSignUp({}, { mail: { dueAt: at(-1000 * day), expiresAt: at(1000 * day) } });
    await stores.store.openSignUp(opened);
    expect(await stores.second.newestSignUp(opened.signUp.email, at(0))).toEqual(opened.signUp);
    expect(await stores.second.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
    expect(await stores.second.findAccountByEmail(opened.signUp.email)).toBeNull();
    expect(await stores.second.claimMail(at(-500 * day), at(-400 * day))).toEqual({
      ...opened.mail,
      tries: 1,
      dueAt: at(-400 * day),
    });
    await stores.second.settleMail({ id: opened.mail.id, dueAt: at(-400 * day) }, { kind: 'sent' });
  });

  test('a sign-up is open until the instant it expires', async () => {
    const opened = aSignUp({ expiresAt: at(hour) });
    await stores.store.openSignUp(opened);
    expect(await stores.store.newestSignUp(opened.signUp.email, at(hour - 1))).toEqual(
      opened.signUp,
    );
    expect(await stores.store.newestSignUp(opened.signUp.email, at(hour))).toBeNull();
  });

  test('the newest open sign-up of an address is the one created last', async () => {
    const email = address();
    const [older, newer] = [
      aSignUp({ email }),
      aSignUp({ email, createdAt: at(minute), expiresAt: at(hour) }),
    ];
    await stores.store.openSignUp(older);
    await stores.store.openSignUp(newer);
    expect(await stores.second.newestSignUp(email, at(minute))).toEqual(newer.signUp);
    expect(await stores.second.newestSignUp(email, at(2 * hour))).toEqual(older.signUp);
    expect(await stores.second.newestSignUp(address(), at(minute))).toBeNull();
  });

  test('of an address’s open sign-ups the newest remain, and the others are invalid with their challenges and mails', async () => {
    const email = address();
    const opened = [0, 1, 2, 3].map((n) =>
      aSignUp({ email, createdAt: at(n * minute) }, { keep: 2, mail: { dueAt: at(-1000 * day) } }),
    );
    for (const each of opened) await stores.store.openSignUp(each);
    const challenges = await Promise.all(
      opened.map(({ challenge }) => stores.second.findChallenge(challenge.id)),
    );
    expect(challenges.map((challenge) => challenge?.endedAt ?? null)).toEqual([
      at(2 * minute),
      at(3 * minute),
      null,
      null,
    ]);
    expect((await queuedUntil(stores, at(-900 * day))).toSorted()).toEqual(
      opened
        .slice(2)
        .map(({ mail }) => mail.id)
        .toSorted(),
    );
    const answers: Redemption<{ account: Account }>[] = [];
    for (const each of opened.slice(0, 3))
      answers.push(await stores.store.redeemSignUp(redeem(each, { now: at(4 * minute) })));
    expect(kinds(answers)).toEqual({ over: 2, redeemed: 1 });
  });

  test('limiting the sign-ups of one address leaves other addresses unchanged', async () => {
    const [one, other] = [aSignUp({}, { keep: 1 }), aSignUp({}, { keep: 1 })];
    await stores.store.openSignUp(one);
    await stores.store.openSignUp(other);
    expect(await stores.store.newestSignUp(one.signUp.email, at(0))).toEqual(one.signUp);
  });

  test('a reopened sign-up has the new challenge; the previous one is invalid and its mail dropped', async () => {
    const opened = aSignUp({}, { mail: { dueAt: at(-1000 * day) } });
    const { id: signUpId, email } = opened.signUp;
    await stores.store.openSignUp(opened);
    const challenge = aChallenge({
      email,
      subjectId: signUpId,
      sentAt: at(minute),
      codeHash: hashed('newer'),
    });
    const mail = aMail({ to: email, challengeId: challenge.id, dueAt: at(-999 * day) });
    expect(await stores.store.reopenSignUp({ signUpId, challenge, mail })).toBe(true);
    expect(await stores.second.newestSignUp(email, at(minute))).toEqual({
      ...opened.signUp,
      challengeId: challenge.id,
    });
    expect(await stores.second.findChallenge(opened.challenge.id)).toEqual({
      ...opened.challenge,
      endedAt: at(minute),
    });
    expect(await queuedUntil(stores, at(-900 * day))).toEqual([mail.id]);
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(
      await stores.store.redeemSignUp({
        ...redeem(opened, { code: 'newer' }),
        challengeId: challenge.id,
      }),
    ).toMatchObject({ kind: 'redeemed' });
  });

  test('a sign-up that is gone or has expired cannot be reopened, and the attempt stores nothing', async () => {
    const opened = aSignUp({ expiresAt: at(minute) }, { mail: { dueAt: at(hour) } });
    await stores.store.openSignUp(opened);
    for (const signUpId of [unique('sign-up'), opened.signUp.id]) {
      const challenge = aChallenge({ sentAt: at(minute) });
      const mail = aMail({ challengeId: challenge.id, dueAt: at(-1000 * day) });
      expect(await stores.store.reopenSignUp({ signUpId, challenge, mail })).toBe(false);
      expect(await stores.store.findChallenge(challenge.id)).toBeNull();
    }
    expect(await queuedUntil(stores, at(-900 * day))).toEqual([]);
    expect(await stores.store.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
  });
}

/** IDs of the queued mails due by then, which are marked as sent. */
async function queuedUntil(stores: Stores, now: Date): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const mail = await stores.store.claimMail(now, at(0));
    if (mail === null) return ids;
    ids.push(mail.id);
    await stores.store.settleMail(mail, { kind: 'sent' });
  }
}

function redeemSignUpContract(stores: Stores): void {
  test('the correct code creates the account of the sign-up, once', async () => {
    const opened = aSignUp();
    const { signUp, challenge } = opened;
    await stores.store.openSignUp(opened);
    const { email, name, passwordHash } = signUp;
    const account: Account = {
      id: unique('account'),
      email,
      name,
      passwordHash,
      operator: false,
      createdAt: at(minute),
    };
    expect(await stores.store.redeemSignUp(redeem(opened, { accountId: account.id }))).toEqual({
      kind: 'redeemed',
      account,
    });
    expect(await stores.second.findAccount(account.id)).toEqual(account);
    expect(await stores.second.findAccountByEmail(signUp.email)).toEqual(account);
    expect(await stores.second.findChallenge(challenge.id)).toEqual({
      ...challenge,
      attemptsLeft: 4,
      endedAt: at(minute),
    });
    expect(await stores.second.newestSignUp(signUp.email, at(minute))).toBeNull();
    expect(await stores.second.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
  });

  test('a wrong code uses up an attempt; after the fifth even the correct code is rejected', async () => {
    const opened = aSignUp();
    await stores.store.openSignUp(opened);
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await stores.store.redeemSignUp(redeem(opened, { code: 'wrong' }))).toEqual({
        kind: 'wrong',
        attemptsLeft,
      });
    }
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(await stores.second.findChallenge(opened.challenge.id)).toEqual({
      ...opened.challenge,
      attemptsLeft: 0,
    });
    expect(await stores.second.findAccountByEmail(opened.signUp.email)).toBeNull();
  });

  test('the correct code is accepted on the fifth attempt', async () => {
    const opened = aSignUp();
    await stores.store.openSignUp(opened);
    for (let wrong = 0; wrong < 4; wrong += 1)
      await stores.store.redeemSignUp(redeem(opened, { code: 'wrong' }));
    expect(await stores.store.redeemSignUp(redeem(opened))).toMatchObject({ kind: 'redeemed' });
    expect(await stores.second.findChallenge(opened.challenge.id)).toMatchObject({
      attemptsLeft: 0,
      endedAt: at(minute),
    });
  });

  test('a code is over at the instant it expires, and then uses up no attempt', async () => {
    const [inTime, late] = [aSignUp(), aSignUp()];
    for (const opened of [inTime, late]) await stores.store.openSignUp(opened);
    expect(
      await stores.store.redeemSignUp(redeem(inTime, { now: at(10 * minute - 1) })),
    ).toMatchObject({ kind: 'redeemed' });
    expect(await stores.store.redeemSignUp(redeem(late, { now: at(10 * minute) }))).toEqual({
      kind: 'over',
    });
    expect(await stores.store.findChallenge(late.challenge.id)).toEqual(late.challenge);
  });

  test('a challenge that is unknown or for another purpose is over, and uses up no attempt', async () => {
    const opened = aSignUp({}, { challenge: { purpose: 'recover' } });
    await stores.store.openSignUp(opened);
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(await stores.store.findChallenge(opened.challenge.id)).toEqual(opened.challenge);
    expect(await stores.store.redeemSignUp(redeem(aSignUp()))).toEqual({ kind: 'over' });
  });

  test('a decoy challenge uses up attempts like any other and is never redeemed', async () => {
    const opened = aSignUp({}, { challenge: { subjectId: null } });
    await stores.store.openSignUp(opened);
    expect(await stores.store.redeemSignUp(redeem(opened, { code: 'wrong' }))).toEqual({
      kind: 'wrong',
      attemptsLeft: 4,
    });
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(await stores.store.findAccountByEmail(opened.signUp.email)).toBeNull();
  });

  test('the correct code of an expired sign-up is over and used up', async () => {
    const opened = aSignUp({ expiresAt: at(minute) });
    await stores.store.openSignUp(opened);
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(await stores.store.findChallenge(opened.challenge.id)).toEqual({
      ...opened.challenge,
      attemptsLeft: 4,
      endedAt: at(minute),
    });
    expect(await stores.store.findAccountByEmail(opened.signUp.email)).toBeNull();
  });

  test('the correct code for an address that has an account is over and used up', async () => {
    const first = aSignUp();
    const { email } = first.signUp;
    await stores.store.openSignUp(first);
    await stores.store.redeemSignUp(redeem(first, { accountId: 'the-first' }));
    const late = aSignUp({ email, createdAt: at(2 * minute) });
    await stores.store.openSignUp(late);
    expect(await stores.store.redeemSignUp(redeem(late, { now: at(3 * minute) }))).toEqual({
      kind: 'over',
    });
    expect(await stores.store.findChallenge(late.challenge.id)).toEqual({
      ...late.challenge,
      attemptsLeft: 4,
      endedAt: at(3 * minute),
    });
    expect(await stores.store.findAccountByEmail(email)).toMatchObject({
      id: 'the-first',
      passwordHash: first.signUp.passwordHash,
    });
  });

  test('redeeming invalidates every other sign-up and verify-email challenge of the address, and drops the mails', async () => {
    const email = address();
    const opened = [0, 1, 2].map((n) =>
      aSignUp({ email, createdAt: at(n) }, { mail: { dueAt: at(-1000 * day) } }),
    );
    const stranger = aSignUp({}, { mail: { dueAt: at(-1000 * day) } });
    for (const each of [...opened, stranger]) await stores.store.openSignUp(each);
    const [first, ...others] = opened.map(({ challenge }) => challenge.id);
    expect(
      await stores.store.redeemSignUp({ ...redeem(stranger), challengeId: first ?? '' }),
    ).toMatchObject({ kind: 'redeemed' });
    for (const id of others)
      expect(await stores.second.findChallenge(id)).toMatchObject({
        endedAt: at(minute),
        attemptsLeft: 5,
      });
    expect(await stores.second.newestSignUp(email, at(minute))).toBeNull();
    expect(await queuedUntil(stores, at(-900 * day))).toEqual([stranger.mail.id]);
    expect(await stores.second.findChallenge(stranger.challenge.id)).toEqual(stranger.challenge);
  });

  test('a password hash is replaced only if it is still the one that was read', async () => {
    const opened = aSignUp();
    const { passwordHash: from } = opened.signUp;
    const to = hashOf('renewed');
    await stores.store.openSignUp(opened);
    await stores.store.redeemSignUp(redeem(opened, { accountId: 'rehashed' }));
    expect(await stores.store.replacePasswordHash({ accountId: 'rehashed', from, to })).toBe(true);
    expect(
      await stores.second.replacePasswordHash({
        accountId: 'rehashed',
        from,
        to: hashOf('too late'),
      }),
    ).toBe(false);
    expect(await stores.second.replacePasswordHash({ accountId: 'no-account', from: to, to })).toBe(
      false,
    );
    expect(await stores.second.findAccount('rehashed')).toMatchObject({ passwordHash: to });
  });
}

function signUpRacesContract(stores: Stores): void {
  test('fifty concurrent guesses use up exactly five attempts and redeem at most once', async () => {
    const opened = aSignUp();
    await stores.store.openSignUp(opened);
    const answers = await stores.race(50, (store, turn) =>
      store.redeemSignUp(redeem(opened, { code: turn === 30 ? 'right' : 'wrong' })),
    );
    const { over = 0, wrong = 0, redeemed = 0 } = kinds(answers);
    expect(redeemed).toBeLessThanOrEqual(1);
    expect(over + wrong + redeemed).toBe(50);
    const left = await stores.store.findChallenge(opened.challenge.id);
    expect(left?.attemptsLeft).toBe(5 - wrong - redeemed);
    if (redeemed === 0) expect(wrong).toBe(5);
    const counts = answers.flatMap((answer) =>
      answer.kind === 'wrong' ? [answer.attemptsLeft] : [],
    );
    expect(new Set(counts).size).toBe(counts.length);
  });

  test('of fifty concurrent wrong guesses five are wrong and forty-five too many', async () => {
    const opened = aSignUp();
    await stores.store.openSignUp(opened);
    const answers = await stores.race(50, (store) =>
      store.redeemSignUp(redeem(opened, { code: 'wrong' })),
    );
    expect(kinds(answers)).toEqual({ wrong: 5, over: 45 });
  });

  test('thirty concurrent redemptions with the correct code create one account', async () => {
    const opened = aSignUp();
    await stores.store.openSignUp(opened);
    const answers = await stores.race(30, (store) => store.redeemSignUp(redeem(opened)));
    expect(kinds(answers)).toEqual({ redeemed: 1, over: 29 });
    const [winner] = answers.flatMap((answer) =>
      answer.kind === 'redeemed' ? [answer.account] : [],
    );
    expect(await stores.store.findAccountByEmail(opened.signUp.email)).toEqual(winner);
  });

  test('two sign-ups of one address redeemed at the same time create one account', async () => {
    for (let round = 0; round < 5; round += 1) {
      const email = address();
      const opened = [aSignUp({ email }), aSignUp({ email, createdAt: at(1) })] as const;
      for (const each of opened) await stores.store.openSignUp(each);
      const answers = await stores.race(2, (store, turn) =>
        store.redeemSignUp(redeem(opened[turn === 0 ? 0 : 1])),
      );
      expect(kinds(answers)).toEqual({ redeemed: 1, over: 1 });
    }
  });

  test('of sign-ups of one address opened at the same time the number to keep remains', async () => {
    const email = address();
    const opened = Array.from({ length: 12 }, (_, n) => aSignUp({ email, createdAt: at(n) }));
    await stores.race(12, (store, turn) => store.openSignUp(opened[turn] ?? aSignUp()));
    const challenges = await Promise.all(
      opened.map(({ challenge }) => stores.store.findChallenge(challenge.id)),
    );
    expect(challenges.filter((challenge) => challenge?.endedAt === null)).toHaveLength(3);
  });

  test('a code is not redeemed by a sign-up reopened at the same instant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const opened = aSignUp();
      const { id: signUpId, email } = opened.signUp;
      await stores.store.openSignUp(opened);
      const challenge = aChallenge({ email, subjectId: signUpId, sentAt: at(minute) });
      const [redeemed, reopened] = await Promise.all([
        stores.store.redeemSignUp(redeem(opened)),
        stores.second.reopenSignUp({
          signUpId,
          challenge,
          mail: aMail({ to: email, challengeId: challenge.id }),
        }),
      ]);
      expect([redeemed.kind, reopened]).toEqual(reopened ? ['over', true] : ['redeemed', false]);
    }
  });
}

function claimContract(stores: Stores): void {
  const aClaim = async (expiresAt = at(30 * minute)) => {
    const tokenHash = hashed(unique('claim'));
    await stores.store.insertClaim({ tokenHash, expiresAt });
    return tokenHash;
  };

  test('a claim creates the given account, once', async () => {
    const tokenHash = await aClaim();
    const account = anAccount({ operator: true });
    expect(await stores.store.redeemClaim(claiming(tokenHash, account, at(minute)))).toEqual({
      kind: 'redeemed',
    });
    expect(await stores.second.findAccount(account.id)).toEqual(account);
    expect(await stores.second.redeemClaim(claiming(tokenHash, anAccount(), at(minute)))).toEqual({
      kind: 'over',
    });
  });

  test('a claim that is unknown or expires at this instant is over', async () => {
    const tokenHash = await aClaim();
    const account = anAccount();
    expect(await stores.store.redeemClaim(claiming(hashed('unknown'), account))).toEqual({
      kind: 'over',
    });
    expect(await stores.store.redeemClaim(claiming(tokenHash, account, at(30 * minute)))).toEqual({
      kind: 'over',
    });
    expect(await stores.store.findAccount(account.id)).toBeNull();
    expect(
      await stores.store.redeemClaim(claiming(tokenHash, account, at(30 * minute - 1))),
    ).toEqual({ kind: 'redeemed' });
  });

  test('a claim is open exactly while it can be redeemed', async () => {
    const [tokenHash, other] = [await aClaim(), await aClaim()];
    const isOpen = (hash: Hashed, now: Date) => stores.second.isClaimOpen(hash, now);
    expect(await isOpen(hashed('unknown'), at(0))).toBe(false);
    expect(await isOpen(tokenHash, at(30 * minute - 1))).toBe(true);
    expect(await isOpen(tokenHash, at(30 * minute))).toBe(false);
    await stores.store.redeemClaim(claiming(tokenHash, anAccount()));
    expect(await isOpen(tokenHash, at(0))).toBe(false);
    expect(await isOpen(other, at(0))).toBe(false);
  });

  test('a claim remains if the address has an account', async () => {
    const account = anAccount();
    await stores.store.redeemClaim(claiming(await aClaim(), account));
    const second = await aClaim();
    const again = anAccount({ email: account.email });
    expect(await stores.store.redeemClaim(claiming(second, again))).toEqual({ kind: 'taken' });
    expect(await stores.store.findAccountByEmail(account.email)).toEqual(account);
    expect(await stores.store.redeemClaim(claiming(second, anAccount()))).toEqual({
      kind: 'redeemed',
    });
  });

  test('a redeemed claim invalidates every other claim', async () => {
    const [used, left] = [await aClaim(), await aClaim()];
    await stores.store.redeemClaim(claiming(used, anAccount()));
    const account = anAccount();
    expect(await stores.second.redeemClaim(claiming(left, account))).toEqual({ kind: 'over' });
    expect(await stores.second.findAccount(account.id)).toBeNull();
  });

  test('a claim invalidates the open sign-ups of the address with their challenges and mails', async () => {
    const opened = aSignUp({}, { mail: { dueAt: at(-1000 * day) } });
    await stores.store.openSignUp(opened);
    const tokenHash = await aClaim();
    await stores.store.redeemClaim(
      claiming(tokenHash, anAccount({ email: opened.signUp.email }), at(minute)),
    );
    expect(await stores.store.newestSignUp(opened.signUp.email, at(minute))).toBeNull();
    expect(await stores.store.findChallenge(opened.challenge.id)).toEqual({
      ...opened.challenge,
      endedAt: at(minute),
    });
    expect(await stores.store.redeemSignUp(redeem(opened))).toEqual({ kind: 'over' });
    expect(await queuedUntil(stores, at(-900 * day))).toEqual([]);
  });

  test('thirty concurrent redemptions of a claim create one account', async () => {
    const tokenHash = await aClaim();
    const accounts = Array.from({ length: 30 }, () => anAccount());
    const answers = await stores.race(30, (store, turn) =>
      store.redeemClaim(claiming(tokenHash, accounts[turn] ?? anAccount())),
    );
    expect(kinds(answers)).toEqual({ redeemed: 1, over: 29 });
    const winner = accounts[answers.findIndex(({ kind }) => kind === 'redeemed')];
    for (const account of accounts)
      expect(await stores.store.findAccount(account.id)).toEqual(
        account === winner ? account : null,
      );
  });

  test('a claim and a sign-up of one address at the same time create one account', async () => {
    for (let round = 0; round < 5; round += 1) {
      const opened = aSignUp();
      await stores.store.openSignUp(opened);
      const tokenHash = await aClaim();
      const account = anAccount({ email: opened.signUp.email, operator: true });
      const answers = await Promise.all([
        stores.store.redeemSignUp(redeem(opened, { accountId: 'by code' + opened.signUp.id })),
        stores.second.redeemClaim(claiming(tokenHash, account, at(minute))),
      ]);
      expect(['redeemed,taken', 'over,redeemed']).toContain(answers.map(({ kind }) => kind).join());
    }
  });
}
