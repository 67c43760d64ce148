import type { Hashed, Challenge, QueuedMail } from '../../records.ts';

/** What became of one guess. `over`: expired, spent, used or void. An attempt is taken before the code is compared, and stays taken whatever fails afterwards. */
export type Redemption<Yield> =
  | ({ kind: 'redeemed' } & Yield)
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'over' };

export interface ChallengeStore {
  /** A challenge that stands alone, with its mail. */
  openChallenge(input: { challenge: Challenge; mail: QueuedMail }): Promise<void>;
  findChallenge(id: string): Promise<Challenge | null>;
  /** Puts a new code in place of the old one, which is dead from then on, as is its undelivered mail. `null` when it is over. */
  renewChallenge(input: {
    id: string;
    codeHash: Hashed;
    attemptsLeft: number;
    expiresAt: Date;
    mail: QueuedMail;
    now: Date;
  }): Promise<Challenge | null>;
  /** Takes an attempt from an open challenge, before an answer is compared: how many are left; `null` when it is over. */
  takeAttempt(input: { id: string; now: Date }): Promise<number | null>;
}
