import type { Challenge, ChallengePurpose, Hashed } from '../../records.ts';
import type { ChallengeStore } from '../port/challenges.ts';
import { type ChallengeRow, fromChallenge, toChallenge } from './rows/challenges.ts';
import { columnsOf, insertInto } from './rows/columns.ts';
import { fromMail } from './rows/mail.ts';
import type { Connection } from './transaction.ts';

type Guess =
  | { kind: 'right'; challenge: Challenge }
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'over' };

/** Steps of redeeming and invalidating challenges. Except for `guess`, they must be called inside a transaction. */
export interface ChallengeSteps {
  insert(challenge: Challenge): void;
  /**
   * Uses up an attempt and then compares the code, in a transaction of its own. A later failure does not give the
   * attempt back.
   */
  guess(input: {
    id: string;
    purpose: ChallengePurpose;
    codeHash: Hashed;
    now: Date;
  }): Promise<Guess>;
  /** Ends a challenge whose code was correct. False if it ended or its code was replaced in the meantime. */
  useUp(found: Pick<Challenge, 'id' | 'codeHash'>, now: Date): boolean;
  isOpen(id: string, now: Date): boolean;
  /** Whether the challenge is open, or its last attempt is being used. */
  isValid(id: string, now: Date): boolean;
  /** Ends a challenge that has not ended, and drops its undelivered mail. */
  end(id: string, now: Date): void;
  endAllOf(email: string, purpose: ChallengePurpose, now: Date): void;
  /** Ends all challenges about a sign-up or an account, to whichever address their codes were sent. */
  endAllAbout(subjectId: string, now: Date): void;
}

const validAt = 'ended_at IS NULL AND expires_at > ?';
const openAt = `attempts_left > 0 AND ${validAt}`;
const dropMails =
  "UPDATE mails SET state = 'dropped', content = NULL, last_error = 'Its code is no longer valid.' WHERE state = 'queued' AND challenge_id";

export function challengeSteps(db: Connection): ChallengeSteps {
  const insert = db.statement(insertInto('challenges'));
  const takeAttempt = db.statement<ChallengeRow>(`
    UPDATE challenges SET attempts_left = attempts_left - 1
    WHERE id = ? AND purpose = ? AND ${openAt} RETURNING ${columnsOf('challenges')}`);
  const use = db.statement(
    `UPDATE challenges SET ended_at = ?1 WHERE id = ?2 AND code_hash = ?3 AND ended_at IS NULL AND expires_at > ?1`,
  );
  const open = db.statement<[number]>(`SELECT 1 FROM challenges WHERE id = ? AND ${openAt}`);
  const valid = db.statement<[number]>(`SELECT 1 FROM challenges WHERE id = ? AND ${validAt}`);
  const end = db.statement('UPDATE challenges SET ended_at = ? WHERE id = ? AND ended_at IS NULL');
  const drop = db.statement(`${dropMails} = ?`);
  const openOf = db.statement<[string]>(
    'SELECT id FROM challenges WHERE email = ? AND purpose = ? AND ended_at IS NULL',
  );
  const openAbout = db.statement<[string]>(
    'SELECT id FROM challenges WHERE subject_id = ? AND ended_at IS NULL',
  );

  const endAndDrop = (id: string, now: Date) => {
    end.run(now.getTime(), id);
    drop.run(id);
  };
  return {
    insert: (challenge) => void insert.run(...fromChallenge(challenge)),
    guess: ({ id, purpose, codeHash, now }) =>
      db.write(() => {
        const row = takeAttempt.get(id, purpose, now.getTime());
        if (row === undefined) return { kind: 'over' };
        const challenge = toChallenge(row);
        return challenge.codeHash === codeHash
          ? { kind: 'right', challenge }
          : { kind: 'wrong', attemptsLeft: challenge.attemptsLeft };
      }),
    useUp({ id, codeHash }, now) {
      if (use.run(now.getTime(), id, codeHash) === 0) return false;
      drop.run(id);
      return true;
    },
    isOpen: (id, now) => open.get(id, now.getTime()) !== undefined,
    isValid: (id, now) => valid.get(id, now.getTime()) !== undefined,
    end: endAndDrop,
    endAllOf(email, purpose, now) {
      for (const [id] of openOf.all(email, purpose)) endAndDrop(id, now);
    },
    endAllAbout(subjectId, now) {
      for (const [id] of openAbout.all(subjectId)) endAndDrop(id, now);
    },
  };
}

/** Opens, reads and renews challenges, and counts attempts for answers that are compared elsewhere. */
export function challenges(db: Connection): ChallengeStore {
  const steps = challengeSteps(db);
  const find = db.statement<ChallengeRow>(
    `SELECT ${columnsOf('challenges')} FROM challenges WHERE id = ?`,
  );
  const takeAttempt = db.statement<[number]>(`
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
    takeAttempt: ({ id, now }) => db.write(() => takeAttempt.get(id, now.getTime())?.[0] ?? null),
    renewChallenge: ({ id, codeHash, attemptsLeft, expiresAt, mail, now }) =>
      db.write(() => {
        const row = renew.get(
          codeHash,
          attemptsLeft,
          now.getTime(),
          expiresAt.getTime(),
          id,
          now.getTime(),
        );
        if (row === undefined) return null;
        drop.run(id);
        insertMail.run(...fromMail(mail));
        return toChallenge(row);
      }),
  };
}
