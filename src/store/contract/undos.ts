import { expect, test } from 'vitest';
import { second, minute, hour, day } from '../../clock.ts';
import type { Account } from '../../records.ts';
import type { Notice } from '../port/events.ts';
import { enrolled } from './factors.ts';
import { begin, insertAccount, type Open, type Stores, useStores } from './opened.ts';
import {
  aChallenge,
  address,
  aFactor,
  aMail,
  anEvent,
  anIdentity,
  aNotice,
  anUndoing,
  aPasskey,
  aSession,
  aSignUp,
  at,
  hashed,
  passwordHash,
  unique,
} from './samples.ts';

/** Undo links (“This wasn’t me”): each has the effect of all, and attackers try to use links of their own. */
export function undosContract(open: Open): void {
  const stores = useStores(open, 'once');
  oneForAllContract(stores);
  sinceContract(stores);
  addressContract(stores);
  takenContract(stores);
  inFlightContract(stores);
}

/** A notice at this time, with a link that is valid for a week. */
async function notified(
  { store }: Pick<Stores, 'store'>,
  { id: accountId }: Account,
  since = at(0),
): Promise<Notice> {
  const notice = aNotice(accountId, {
    event: { at: since },
    undo: { since, expiresAt: new Date(since.getTime() + 7 * day) },
    mail: { state: 'kept' },
  });
  await begin(store, aSession({ accountId }), { notice });
  return notice;
}

/** Changes an account’s email address, with a notice to the previous one. */
async function moved(
  { store }: Pick<Stores, 'store'>,
  { id: accountId }: Account,
  email: string,
  now = at(minute),
): Promise<Notice> {
  const challenge = aChallenge({
    purpose: 'change-email',
    email,
    subjectId: accountId,
    sentAt: now,
    expiresAt: new Date(now.getTime() + minute),
  });
  await store.openChallenge({ challenge, mail: aMail({ challengeId: challenge.id }) });
  const undo = { since: now, expiresAt: new Date(now.getTime() + 7 * day) };
  const notice = aNotice(accountId, {
    event: { action: 'account.email-changed', at: now },
    undo,
    mail: { state: 'kept' },
  });
  expect(
    await store.redeemEmailChange({
      challengeId: challenge.id,
      codeHash: hashed('right'),
      notice,
      now,
    }),
  ).toMatchObject({ kind: 'redeemed' });
  return notice;
}

const undo = (
  { store }: Pick<Stores, 'store'>,
  { undo: { tokenHash } }: Notice,
  now = at(hour),
  given = {},
) => store.redeemUndo(anUndoing({ tokenHash, now, ...given }));

function oneForAllContract(stores: Stores): void {
  test('an undo uses up every link of the account, and none of another one', async () => {
    const [account, other] = [await insertAccount(stores), await insertAccount(stores)];
    const [first, last] = [
      await notified(stores, account),
      await notified(stores, account, at(minute)),
    ];
    const theirs = await notified(stores, other);
    expect(await undo(stores, last)).toMatchObject({ account: { id: account.id }, since: at(0) });
    for (const link of [first, last]) expect(await undo({ store: stores.second }, link)).toBeNull();
    expect(await undo(stores, theirs)).not.toBeNull();
  });

  test('of all links of an account used at the same time one works, and the earliest address is restored', async () => {
    for (let round = 0; round < 4; round += 1) {
      const account = await insertAccount(stores);
      const links = [await notified(stores, account)];
      for (const n of [1, 2]) links.push(await moved(stores, account, address(), at(n * minute)));
      const came = await stores.race(6, (store, turn) =>
        undo({ store }, links[turn % 3] ?? aNotice(account.id)),
      );
      expect(came.filter((one) => one !== null)).toMatchObject([
        { account: { email: account.email, passwordHash: null } },
      ]);
      expect(await stores.second.findAccount(account.id)).toEqual({
        ...account,
        passwordHash: null,
      });
    }
  });

  test('every address to which a live link was issued, and the account’s own, gets one notice', async () => {
    const account = await insertAccount(stores);
    await notified(stores, account);
    const [second_, third] = [address(), address()];
    const told = [
      await moved(stores, account, second_),
      await moved(stores, account, third, at(2 * minute)),
    ];
    expect(
      (await stores.store.keptMail(second_)).map(({ id }) => id),
      'a notice goes to the address of its moment',
    ).toEqual([told[1]?.mail.id]);
    expect(await undo(stores, told[1] ?? aNotice(''))).not.toBeNull();
    const last = async (to: string) =>
      (await stores.second.keptMail(to))
        .map(({ content }) => content)
        .filter((content) => content !== aMail().content);
    expect([await last(account.email), await last(second_), await last(third)]).toEqual([
      ['seal of restored'],
      ['seal of elsewhere'],
      ['seal of elsewhere'],
    ]);
  });

  test('actions of the account on others since are returned, and left unchanged', async () => {
    const account = await insertAccount(stores);
    const mine = (given: object) =>
      anEvent({ accountId: account.id, actorId: account.id, at: at(minute), ...given });
    const action = unique('operator');
    const listed = [
      anEvent({ accountId: unique('someone'), actorId: account.id, at: at(3 * minute) }),
      mine({ action, at: at(2 * minute) }),
    ];
    const others = [
      mine({}),
      anEvent({ actorId: account.id, at: at(-minute) }),
      anEvent({ accountId: account.id, actorId: unique('operator'), at: at(minute), action }),
    ];
    for (const event of [...listed, ...others]) await stores.store.recordEvent(event);
    expect(
      await undo(stores, await notified(stores, account), at(hour), { actions: [action] }),
    ).toMatchObject({ doneToOthers: listed });
  });
}

function sinceContract(stores: Stores): void {
  test('additions since the earliest live link are removed, and earlier ones remain', async () => {
    const { account, factor } = await enrolled(stores);
    const { id: accountId } = account;
    const [before, since] = [
      anIdentity({ accountId, connectedAt: at(second) }),
      anIdentity({ accountId, provider: 'github', connectedAt: at(2 * day) }),
    ];
    for (const identity of [before, since]) {
      const session = aSession({ accountId });
      await begin(stores.store, session);
      await stores.store.connectIdentity({
        identity,
        sessionId: session.id,
        notice: aNotice(accountId, {
          undo: {
            since: identity.connectedAt,
            expiresAt: new Date(identity.connectedAt.getTime() + 7 * day),
          },
        }),
      });
    }
    const renewal = aNotice(accountId, {
      event: { at: at(8 * day) },
      undo: { since: at(8 * day), expiresAt: at(15 * day) },
    });
    await stores.store.replaceRecoveryCodes({
      accountId,
      recoveryCodes: [hashed(unique('code'))],
      notice: renewal,
    });
    expect(await undo(stores, renewal, at(8 * day))).toMatchObject({ since: at(2 * day) });
    expect(await stores.second.factorsOf(accountId)).toMatchObject({
      factors: [{ id: factor.id }],
      recoveryCodesLeft: 0,
    });
    expect(await stores.second.listIdentities(accountId)).toEqual([before]);
  });

  test('earlier connections are also removed if the caller asks for it', async () => {
    const account = await insertAccount(stores);
    const session = aSession({ accountId: account.id });
    await begin(stores.store, session);
    await stores.store.connectIdentity({
      identity: anIdentity({ accountId: account.id, connectedAt: at(0) }),
      sessionId: session.id,
      notice: aNotice(account.id),
    });
    const link = await notified(stores, account, at(8 * day));
    expect(await undo(stores, link, at(8 * day), { everyProvider: true })).not.toBeNull();
    expect(await stores.second.listIdentities(account.id)).toEqual([]);
  });

  test('codes created before the earliest link remain with their factor', async () => {
    const { account } = await enrolled(stores);
    const link = await notified(stores, account, at(9 * day));
    expect(await undo(stores, link, at(9 * day))).not.toBeNull();
    expect(await stores.second.factorsOf(account.id)).toMatchObject({
      factors: [{}],
      recoveryCodesLeft: 2,
    });
  });
}

function addressContract(stores: Stores): void {
  test('the address of the earliest live link is restored', async () => {
    const account = await insertAccount(stores);
    const [second_, third] = [address(), address()];
    const first = await moved(stores, account, second_);
    const next = await moved(stores, account, third, at(day));
    expect(await undo(stores, first, at(minute + 7 * day)), 'expired').toBeNull();
    expect(await undo(stores, next, at(minute + 7 * day))).toMatchObject({
      account: { email: second_ },
    });
    expect(await stores.second.findAccountByEmail(account.email)).toBeNull();
  });

  test('the order of links does not depend on the clock of a process', async () => {
    const account = await insertAccount(stores);
    await moved(stores, account, address(), at(hour));
    const late = await notified(stores, account, at(minute));
    expect(await undo(stores, late, at(2 * hour))).toMatchObject({
      account: { email: account.email },
      since: at(minute),
    });
  });

  test('a link to another address is invalid once the account is back at an earlier link’s address', async () => {
    const account = await insertAccount(stores);
    const mailbox = address();
    const first = await moved(stores, account, mailbox);
    const theirs = [
      await notified(stores, account, at(2 * minute)),
      await moved(stores, account, account.email, at(3 * minute)),
    ];
    for (const link of theirs) expect(await undo(stores, link)).toBeNull();
    expect(await undo(stores, first)).toMatchObject({ account: { email: account.email } });
  });

  test('a sign-up that waits for the restored address can no longer be redeemed', async () => {
    const account = await insertAccount(stores);
    const link = await moved(stores, account, address());
    const signUp = aSignUp({ email: account.email });
    await stores.store.openSignUp(signUp);
    expect(await undo(stores, link, at(2 * minute))).not.toBeNull();
    const late = {
      challengeId: signUp.challenge.id,
      codeHash: hashed('right'),
      accountId: unique('account'),
      event: anEvent(),
      now: at(3 * minute),
    };
    expect(await stores.second.redeemSignUp(late)).toEqual({ kind: 'over' });
  });
}

/** An account whose address an attacker changed, and whose former address now has another account. */
async function squatted(stores: Stores) {
  const account = await insertAccount(stores);
  const [mailbox, early] = [address(), await notified(stores, account)];
  const link = await moved(stores, account, mailbox);
  const theirs = await notified(stores, account, at(2 * minute));
  return {
    account,
    mailbox,
    early,
    link,
    theirs,
    squat: await insertAccount(stores, { email: account.email }),
  };
}

function takenContract(stores: Stores): void {
  test('everything else is undone while another account has the address, and no address finds the account', async () => {
    const { store, second: other } = stores;
    const { account, mailbox, link, squat } = await squatted(stores);
    const { id: accountId } = account;
    await store.addPasskey({
      factor: aPasskey({ accountId, confirmedAt: at(minute) }),
      recoveryCodes: [hashed(unique('code'))],
      session: null,
      stopping: aNotice(accountId),
      notice: aNotice(accountId),
    });
    const change = aChallenge({
      purpose: 'change-email',
      email: address(),
      subjectId: accountId,
      expiresAt: at(2 * hour),
    });
    await store.openChallenge({ challenge: change, mail: aMail({ challengeId: change.id }) });
    expect(await undo(stores, link)).toMatchObject({
      address: 'taken',
      account: { id: accountId, email: account.email, passwordHash: null },
    });
    expect(await other.listSessions(accountId, at(hour))).toEqual([]);
    expect(await other.factorsOf(accountId)).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect(await other.findChallenge(change.id)).toMatchObject({ endedAt: at(hour) });
    expect(await other.findAccountByEmail(mailbox)).toBeNull();
    expect(await other.findAccountByEmail(account.email)).toEqual(squat);
    expect(await other.findAccount(accountId)).toEqual({ ...account, passwordHash: null });
    const told = async (to: string) =>
      (await other.keptMail(to))
        .map(({ content }) => content)
        .filter((content) => content !== aMail().content);
    expect([await told(account.email), await told(mailbox)]).toEqual([
      ['seal of taken'],
      ['seal of elsewhere'],
    ]);
  });

  test('links to the contested address remain valid and repeatable until it is restored; other links are invalid', async () => {
    const { account, early, link, theirs, squat } = await squatted(stores);
    expect(await undo(stores, theirs), 'by a link of the intruder').toMatchObject({
      address: 'taken',
    });
    expect(await undo(stores, theirs)).toBeNull();
    await begin(stores.store, aSession({ accountId: account.id }));
    expect(await undo(stores, link)).toMatchObject({ address: 'taken' });
    expect(await stores.second.listSessions(account.id, at(hour))).toEqual([]);
    await moved(stores, squat, address(), at(2 * hour));
    expect(await undo(stores, early, at(3 * hour))).toMatchObject({
      address: 'restored',
      since: at(0),
    });
    expect(await stores.second.findAccountByEmail(account.email)).toEqual({
      ...account,
      passwordHash: null,
    });
    for (const used of [early, link]) expect(await undo(stores, used, at(3 * hour))).toBeNull();
  });

  test('a used link remains valid until another account’s deletion, and no longer than it is kept', async () => {
    const { account, link, squat } = await squatted(stores);
    const keptUntil = at(30 * day);
    await stores.store.closeAccount({
      accountId: squat.id,
      erasedAt: at(14 * day),
      notice: aNotice(squat.id),
    });
    expect(await undo(stores, link, at(hour), { keptUntil })).toMatchObject({ address: 'taken' });
    await stores.store.purge(at(13 * day));
    expect(await undo(stores, link, at(13 * day), { keptUntil })).toMatchObject({
      address: 'taken',
    });
    await stores.store.eraseClosed(at(14 * day));
    expect(await undo(stores, link, keptUntil), 'not kept any longer').toBeNull();
    expect(await undo(stores, link, at(29 * day))).toMatchObject({
      address: 'restored',
      account: { id: account.id },
    });
  });

  test('mail goes to the contested address, and erasing the account leaves the other one unchanged', async () => {
    const { account, mailbox, link, squat } = await squatted(stores);
    await undo(stores, link);
    const notice = await notified(stores, account, at(2 * hour));
    const ids = async (to: string) => (await stores.second.keptMail(to)).map(({ id }) => id);
    expect([
      (await ids(account.email)).includes(notice.mail.id),
      (await ids(mailbox)).includes(notice.mail.id),
    ]).toEqual([true, false]);
    const recovery = aChallenge({
      purpose: 'recover',
      email: account.email,
      subjectId: squat.id,
      expiresAt: at(3 * day),
    });
    await stores.store.openChallenge({
      challenge: recovery,
      mail: aMail({ to: account.email, challengeId: recovery.id }),
    });
    expect(await undo(stores, link, at(3 * hour))).toMatchObject({ address: 'taken' });
    await stores.store.closeAccount({
      accountId: account.id,
      erasedAt: at(day),
      notice: aNotice(account.id),
    });
    expect(await stores.store.eraseClosed(at(day))).toBe(1);
    expect(
      await stores.second.findChallenge(recovery.id),
      'of the account that has the address',
    ).toMatchObject({ endedAt: null });
    expect(await ids(account.email)).toContain(notice.mail.id);
    expect(await stores.second.findAccount(account.id)).toBeNull();
    expect(await stores.second.findAccountByEmail(account.email)).toEqual(squat);
  });

  test('an account that changes to another address is found by it, and its links expire with that change’s', async () => {
    const { account, link } = await squatted(stores);
    await undo(stores, link);
    const elsewhere = address();
    const move = await moved(stores, account, elsewhere, at(day));
    expect(await stores.second.findAccountByEmail(elsewhere)).toEqual({
      ...account,
      email: elsewhere,
      passwordHash: null,
    });
    expect(
      (await stores.second.keptMail(account.email)).map(({ id }) => id),
      'the address that waited is told',
    ).toContain(move.mail.id);
    expect(await undo(stores, link, at(8 * day))).toBeNull();
  });

  test('both accounts are listed, and found by the address', async () => {
    const { account, link, squat } = await squatted(stores);
    await undo(stores, link);
    const listed = await stores.second.listAccounts({
      search: account.email,
      except: null,
      after: null,
      limit: 5,
      now: at(hour),
    });
    expect(listed.map(({ account: { id, email } }) => [id, email])).toEqual([
      [squat.id, account.email],
      [account.id, account.email],
    ]);
    const next = await stores.second.listAccounts({
      search: account.email,
      except: null,
      after: squat.id,
      limit: 5,
      now: at(hour),
    });
    expect(next.map(({ account: { id } }) => id)).toEqual([account.id]);
  });

  test('everything else is undone if another account takes the address at the same instant, in either order', async () => {
    for (let round = 0; round < 6; round += 1) {
      const account = await insertAccount(stores);
      const mailbox = address();
      const link = await moved(stores, account, mailbox);
      const squatter = await insertAccount(stores);
      const change = aChallenge({
        purpose: 'change-email',
        email: account.email,
        subjectId: squatter.id,
        expiresAt: at(2 * hour),
      });
      await stores.store.openChallenge({
        challenge: change,
        mail: aMail({ challengeId: change.id }),
      });
      const take = stores.second.redeemEmailChange({
        challengeId: change.id,
        codeHash: hashed('right'),
        notice: aNotice(squatter.id),
        now: at(hour),
      });
      const [undone, taken] = await Promise.all([undo(stores, link), take]);
      expect([undone?.address, taken.kind]).toEqual(
        taken.kind === 'redeemed' ? ['taken', 'redeemed'] : ['restored', 'taken'],
      );
      expect(await stores.second.findAccountByEmail(mailbox)).toBeNull();
      expect(await stores.second.findAccount(account.id)).toEqual({
        ...account,
        passwordHash: null,
      });
    }
  });
}

function inFlightContract(stores: Stores): void {
  test('what an ended session started cannot be completed: an address change, a factor, a second step', async () => {
    const { store, second: other } = stores;
    const account = await insertAccount(stores);
    const { id: accountId } = account;
    const mailbox = address();
    await moved(stores, account, mailbox);
    const link = await notified(stores, account, at(2 * minute));
    const factor = aFactor({ accountId });
    await store.openFactor(factor);
    const challenges = (['change-email', 'second-factor', 'recover'] as const).map((purpose) =>
      aChallenge({ purpose, email: address(), subjectId: accountId, expiresAt: at(2 * hour) }),
    );
    for (const challenge of challenges)
      await store.openChallenge({ challenge, mail: aMail({ challengeId: challenge.id }) });
    expect(await undo(stores, link)).not.toBeNull();
    for (const { id } of challenges)
      expect(await other.findChallenge(id)).toMatchObject({ endedAt: at(hour) });
    const [change] = challenges;
    expect(
      await other.redeemEmailChange({
        challengeId: change?.id ?? '',
        codeHash: hashed('right'),
        notice: aNotice(accountId),
        now: at(hour),
      }),
    ).toEqual({ kind: 'over' });
    expect(
      await other.confirmFactor({
        accountId,
        id: factor.id,
        counter: 1,
        recoveryCodes: [],
        session: null,
        stopping: aNotice(accountId),
        notice: aNotice(accountId),
        now: at(hour),
      }),
    ).toBeNull();
    expect(await other.findAccount(accountId)).toEqual({ ...account, passwordHash: null });
  });

  test('a recovery that was looked up before the undo and opened after it is over', async () => {
    for (const isTaken of [false, true]) {
      const account = await insertAccount(stores);
      const mailbox = address();
      const link = await moved(stores, account, mailbox);
      if (isTaken) await insertAccount(stores, { email: account.email });
      await undo(stores, link);
      const late = aChallenge({
        purpose: 'recover',
        email: mailbox,
        subjectId: account.id,
        expiresAt: at(2 * hour),
      });
      await stores.store.openChallenge({ challenge: late, mail: aMail({ challengeId: late.id }) });
      const redeemed = stores.second.redeemRecovery({
        challengeId: late.id,
        codeHash: hashed('right'),
        complete: async () => ({
          passwordHash: passwordHash('theirs'),
          notice: aNotice(account.id),
        }),
        now: at(hour),
      });
      expect(await redeemed).toEqual({ kind: 'over' });
      expect(await stores.second.findAccount(account.id)).toEqual({
        ...account,
        passwordHash: null,
      });
    }
  });

  test('a link issued at the instant of an undo goes to the restored address, and restores no other', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { account, factor } = await enrolled(stores);
      const { id: accountId } = account;
      const mailbox = address();
      const link = await moved(stores, account, mailbox);
      const late = aNotice(accountId, { mail: { to: mailbox, state: 'kept' } });
      const [undone] = await Promise.all([
        undo(stores, link, at(hour)),
        stores.second.removeFactor({ accountId, id: factor.id, notice: late }),
      ]);
      expect(undone).not.toBeNull();
      await undo(stores, late, at(hour));
      expect(await stores.second.findAccount(accountId)).toEqual({
        ...account,
        passwordHash: null,
      });
    }
  });
}
