import type { Hashed, Challenge, QueuedMail } from '../../records.ts';

/**
 * Result of a guess. `over`: the challenge has expired, has no attempts left, was used or is invalid. The attempt is
 * counted before the code is compared, and stays counted whatever fails afterwards.
 */
export type Redemption<Yield> =
  | ({ kind: 'redeemed' } & Yield)
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'over' };

export interface ChallengeStore {
  /** Stores a challenge that belongs to no other record, with its mail. */
  openChallenge(input: { challenge: Challenge; mail: QueuedMail }): Promise<void>;
  findChallenge(id: string): Promise<Challenge | null>;
  /**
   * Replaces the code. The previous code becomes invalid and its undelivered mail is dropped. `null` if the challenge
   * is no longer open.
   */
  renewChallenge(input: {
    id: string;
    codeHash: Hashed;
    attemptsLeft: number;
    expiresAt: Date;
    mail: QueuedMail;
    now: Date;
  }): Promise<Challenge | null>;
  /**
   * Uses up an attempt of an open challenge before the answer is compared. Returns how many are left; `null` if the
   * challenge is no longer open.
   */
  takeAttempt(input: { id: string; now: Date }): Promise<number | null>;
}
