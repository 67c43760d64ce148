import { expect, test } from 'vitest';
import { minute, day } from '../../clock.ts';
import type { ChallengePurpose } from '../../records.ts';
import { insertAccount, type Open, useStores } from './opened.ts';
import {
  aChallenge,
  aMail,
  anEvent,
  aNotice,
  aSignUp,
  at,
  hashed,
  passwordHash as hashOf,
  unique,
} from './samples.ts';

/** Opening, reading and renewing challenges. Redeeming is tested with accounts and their changes. */
export function challengesContract(open: Open): void {
  const stores = useStores(open, 'each-time');

  const opened = async (given: Parameters<typeof aSignUp>[1] = {}) => {
    const made = aSignUp({}, given);
    await stores.store.openSignUp(made);
    return made;
  };
  const newCode = (id: string, code: string, now = at(minute)) => ({
    id,
    codeHash: hashed(code),
    attemptsLeft: 5,
    expiresAt: new Date(now.getTime() + 10 * minute),
    mail: aMail({ challengeId: id, createdAt: now, dueAt: now, expiresAt: at(day) }),
    now,
  });
  const redeem = (challengeId: string, code: string) => ({
    challengeId,
    codeHash: hashed(code),
    accountId: unique('account'),
    event: anEvent(),
    now: at(minute),
  });

  test('an attempt stays used up if the action of the correct code fails', async () => {
    const event = anEvent();
    await stores.store.recordEvent(event);
    const notice = { ...aNotice(event.accountId), event };
    const asked = async (purpose: ChallengePurpose): Promise<string> => {
      const account = await insertAccount(stores);
      const challenge = aChallenge({
        purpose,
        subjectId: account.id,
        ...(purpose === 'recover' && { email: account.email }),
      });
      await stores.store.openChallenge({ challenge, mail: aMail({ challengeId: challenge.id }) });
      return challenge.id;
    };
    const right = { codeHash: hashed('right'), now: at(minute) };
    const [signUp, change, recovery, refused] = [
      (await opened()).challenge.id,
      await asked('change-email'),
      await asked('recover'),
      await asked('recover'),
    ];
    const fails: [id: string, attempt: () => Promise<{ kind: string }>][] = [
      [signUp, () => stores.store.redeemSignUp({ ...redeem(signUp, 'right'), event })],
      [change, () => stores.store.redeemEmailChange({ challengeId: change, ...right, notice })],
      [
        recovery,
        () =>
          stores.store.redeemRecovery({
            challengeId: recovery,
            ...right,
            complete: async () => ({ passwordHash: hashOf('new'), notice }),
          }),
      ],
      [
        refused,
        () =>
          stores.store.redeemRecovery({
            challengeId: refused,
            ...right,
            complete: () => Promise.reject(new Error('refused')),
          }),
      ],
    ];
    for (const [id, attempt] of fails) {
      for (const attemptsLeft of [4, 3, 2, 1, 0]) {
        // A uniqueness conflict is reported as an error, or as lost to a concurrent caller.
        expect(await attempt().catch(() => 'failed')).not.toMatchObject({ kind: 'redeemed' });
        expect(await stores.second.findChallenge(id)).toMatchObject({
          attemptsLeft,
          endedAt: null,
        });
      }
      expect(await attempt()).toEqual({ kind: 'over' });
    }
  });

  test('a challenge is found as it was stored, and none if it does not exist', async () => {
    const { challenge } = await opened({ challenge: { subjectId: null } });
    expect(await stores.second.findChallenge(challenge.id)).toEqual(challenge);
    expect(await stores.second.findChallenge('no such challenge')).toBeNull();
  });

  test('a challenge without another record is stored with its mail', async () => {
    const challenge = aChallenge({ purpose: 'recover', subjectId: unique('account') });
    const mail = aMail({ to: challenge.email, challengeId: challenge.id });
    await stores.store.openChallenge({ challenge, mail });
    expect(await stores.second.findChallenge(challenge.id)).toEqual(challenge);
    expect(await stores.second.claimMail(at(0), at(minute))).toEqual({
      ...mail,
      dueAt: at(minute),
      tries: 1,
    });
  });

  test('a challenge is not stored if its mail cannot be stored', async () => {
    const [challenge, mail] = [aChallenge(), aMail()];
    await stores.store.insertMail(mail);
    await expect(stores.store.openChallenge({ challenge, mail })).rejects.toThrow();
    expect(await stores.store.findChallenge(challenge.id)).toBeNull();
  });

  test('a renewed challenge has the new code, attempts and times, and the old code is invalid', async () => {
    const { challenge } = await opened();
    await stores.store.redeemSignUp(redeem(challenge.id, 'wrong'));
    const renewed = {
      ...challenge,
      codeHash: hashed('newer'),
      attemptsLeft: 3,
      sentAt: at(minute),
      expiresAt: at(11 * minute),
    };
    expect(
      await stores.store.renewChallenge({ ...newCode(challenge.id, 'newer'), attemptsLeft: 3 }),
    ).toEqual(renewed);
    expect(await stores.second.findChallenge(challenge.id)).toEqual(renewed);
    expect(await stores.second.redeemSignUp(redeem(challenge.id, 'right'))).toEqual({
      kind: 'wrong',
      attemptsLeft: 2,
    });
    expect(await stores.second.redeemSignUp(redeem(challenge.id, 'newer'))).toMatchObject({
      kind: 'redeemed',
    });
  });

  test('the undelivered mail with the old code is dropped, and the one with the new code queued', async () => {
    const { challenge, mail } = await opened();
    const renewal = newCode(challenge.id, 'newer');
    await stores.store.claimMail(at(0), at(30_000));
    await stores.store.renewChallenge(renewal);
    expect(await stores.store.claimMail(at(minute), at(2 * minute))).toMatchObject({
      id: renewal.mail.id,
    });
    expect(await stores.store.claimMail(at(minute), at(2 * minute))).toBeNull();
    await stores.store.settleMail(
      { id: mail.id, dueAt: at(30_000) },
      { kind: 'retry', dueAt: at(0), reason: 'slow worker' },
    );
    expect(await stores.store.claimMail(at(minute), at(2 * minute))).toBeNull();
  });

  test('a delivered or kept mail is unchanged when the code is renewed', async () => {
    const { challenge, mail } = await opened();
    await stores.store.claimMail(at(0), at(minute));
    await stores.store.settleMail({ id: mail.id, dueAt: at(minute) }, { kind: 'kept' });
    await stores.store.renewChallenge(newCode(challenge.id, 'newer'));
    expect(await stores.store.keptMail(mail.to)).toMatchObject([
      { id: mail.id, content: mail.content },
    ]);
  });

  test('a challenge that is unknown, expired, exhausted, used or invalid is not renewed, and its mail is not stored', async () => {
    const used = await opened();
    await stores.store.redeemSignUp(redeem(used.challenge.id, 'right'));
    const spent = await opened({ challenge: { attemptsLeft: 1 } });
    await stores.store.redeemSignUp(redeem(spent.challenge.id, 'wrong'));
    const expired = await opened({ challenge: { expiresAt: at(minute) } });
    const replaced = await opened();
    await stores.store.openSignUp(
      aSignUp({ email: replaced.signUp.email, createdAt: at(1) }, { keep: 1 }),
    );
    while ((await stores.store.claimMail(at(minute), at(minute + 1))) !== null);

    for (const id of [
      'unknown',
      used.challenge.id,
      spent.challenge.id,
      expired.challenge.id,
      replaced.challenge.id,
    ]) {
      const before = await stores.store.findChallenge(id);
      expect(
        await stores.store.renewChallenge({
          ...newCode(id, 'newer'),
          mail: aMail({ id: `late mail for ${id}` }),
        }),
      ).toBeNull();
      expect(await stores.store.findChallenge(id)).toEqual(before);
    }
    expect(await stores.store.claimMail(at(minute), at(2 * minute))).toBeNull();
  });

  test('a challenge can be renewed until the instant before it expires', async () => {
    const { challenge } = await opened();
    expect(
      await stores.store.renewChallenge(newCode(challenge.id, 'newer', at(10 * minute - 1))),
    ).not.toBeNull();
  });

  test('concurrent renewals leave one code and one queued mail', async () => {
    const { challenge } = await opened();
    const renewals = Array.from({ length: 10 }, (_, n) => newCode(challenge.id, `code ${n}`));
    await stores.race(10, (store, turn) =>
      store.renewChallenge(renewals[turn] ?? newCode(challenge.id, 'other')),
    );
    const mail = await stores.store.claimMail(at(minute), at(2 * minute));
    const last = renewals.find((renewal) => renewal.mail.id === mail?.id);
    expect(await stores.store.findChallenge(challenge.id)).toMatchObject({
      codeHash: last?.codeHash,
    });
    expect(await stores.store.claimMail(at(minute), at(2 * minute))).toBeNull();
  });

  test('guesses concurrent with a renewal never get more attempts than both codes have', async () => {
    const { challenge } = await opened();
    const [renewed, ...answers] = await Promise.all([
      stores.second.renewChallenge(newCode(challenge.id, 'newer')),
      ...Array.from({ length: 30 }, (_, n) =>
        (n % 2 === 0 ? stores.store : stores.second).redeemSignUp(redeem(challenge.id, 'wrong')),
      ),
    ]);
    const wrong = answers.filter(({ kind }) => kind === 'wrong').length;
    expect(wrong).toBeGreaterThanOrEqual(5);
    expect(wrong).toBeLessThanOrEqual(renewed === null ? 5 : 10);
  });
}
