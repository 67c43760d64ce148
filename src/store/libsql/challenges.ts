import type { Challenge, ChallengePurpose, Hashed, Store } from '../port.ts';
import { type ChallengeRow, columnsOf, fromChallenge, fromMail, insertInto, toChallenge } from './rows.ts';
import type { Connection } from './transaction.ts';

type Guess = { kind: 'right'; challenge: Challenge } | { kind: 'wrong'; attemptsLeft: number } | { kind: 'over' };

/** What every redeeming and voiding is made of. To be called inside a transaction. */
export interface ChallengeSteps {
  insert(challenge: Challenge): void;
  /** Takes an attempt, then compares the code. The right one ends the challenge. */
  guess(input: { id: string; purpose: ChallengePurpose; codeHash: Hashed; now: Date }): Guess;
  isOpen(id: string, now: Date): boolean;
  /** Ends a challenge, if it has not ended, and drops its undelivered mail. */
  end(id: string, now: Date): void;
  endAllOf(email: string, purpose: ChallengePurpose, now: Date): void;
}

const openAt = 'ended_at IS NULL AND attempts_left > 0 AND expires_at > ?';
const dropMails = "UPDATE mails SET state = 'dropped', content = NULL, last_error = 'Its code is not valid any more.' WHERE state = 'queued' AND challenge_id";

export function challengeSteps(db: Connection): ChallengeSteps {
  const insert = db.statement(insertInto('challenges'));
  const takeAttempt = db.statement<ChallengeRow>(`
    UPDATE challenges SET attempts_left = attempts_left - 1
    WHERE id = ? AND purpose = ? AND ${openAt} RETURNING ${columnsOf('challenges')}`);
  const open = db.statement<[number]>(`SELECT 1 FROM challenges WHERE id = ? AND ${openAt}`);
  const end = db.statement('UPDATE challenges SET ended_at = ? WHERE id = ? AND ended_at IS NULL');
  const drop = db.statement(`${dropMails} = ?`);
  const openOf = db.statement<[string]>('SELECT id FROM challenges WHERE email = ? AND purpose = ? AND ended_at IS NULL');

  const endAndDrop = (id: string, now: Date) => {
    end.run(now.getTime(), id);
    drop.run(id);
  };
  return {
    insert: (challenge) => void insert.run(...fromChallenge(challenge)),
    guess({ id, purpose, codeHash, now }) {
      const row = takeAttempt.get(id, purpose, now.getTime());
      if (row === undefined) return { kind: 'over' };
      const challenge = toChallenge(row);
      if (challenge.codeHash !== codeHash) return { kind: 'wrong', attemptsLeft: challenge.attemptsLeft };
      endAndDrop(id, now);
      return { kind: 'right', challenge };
    },
    isOpen: (id, now) => open.get(id, now.getTime()) !== undefined,
    end: endAndDrop,
    endAllOf(email, purpose, now) {
      for (const [id] of openOf.all(email, purpose)) endAndDrop(id, now);
    },
  };
}

/** Opening, reading, failing and renewing challenges. */
export function challenges(db: Connection): Pick<Store, 'openChallenge' | 'findChallenge' | 'failChallenge' | 'renewChallenge'> {
  const steps = challengeSteps(db);
  const find = db.statement<ChallengeRow>(`SELECT ${columnsOf('challenges')} FROM challenges WHERE id = ?`);
  const fail = db.statement<[number]>(`
    UPDATE challenges SET attempts_left = attempts_left - 1 WHERE id = ? AND ${openAt} RETURNING attempts_left`);
  const renew = db.statement<ChallengeRow>(`
    UPDATE challenges SET code_hash = ?, attempts_left = ?, sent_at = ?, expires_at = ?
    WHERE id = ? AND ${openAt} RETURNING ${columnsOf('challenges')}`);
  const drop = db.statement(`${dropMails} = ?`);
  const insertMail = db.statement(insertInto('mails'));
  return {
    openChallenge: ({ challenge, mail }) =>
      db.write(() => {
        steps.insert(challenge);
        insertMail.run(...fromMail(mail));
      }),
    findChallenge: (id) =>
      db.read(() => {
        const row = find.get(id);
        return row === undefined ? null : toChallenge(row);
      }),
    failChallenge: ({ id, now }) => db.write(() => fail.get(id, now.getTime())?.[0] ?? null),
    renewChallenge: ({ id, codeHash, attemptsLeft, expiresAt, mail, now }) =>
      db.write(() => {
        const row = renew.get(codeHash, attemptsLeft, now.getTime(), expiresAt.getTime(), id, now.getTime());
        if (row === undefined) return null;
        drop.run(id);
        insertMail.run(...fromMail(mail));
        return toChallenge(row);
      }),
  };
}
