import type { Sealed, SecurityEvent } from '../../records.ts';

/** A rate limit. With `waits`, each count from `limit` on blocks the key for the next wait. */
export interface LimitRule {
  limit: number;
  /**
   * Milliseconds. Without `waits`: a window from the first count. With `waits`: the time without use after which the
   * count is reset.
   */
  window: number;
  /** Milliseconds. The last wait repeats. */
  waits?: readonly number[];
}

/** `exhausts`: this attempt exhausted the limit. */
export type LimitUse = { allowed: true; exhausts: boolean } | { allowed: false; retryAt: Date };

/** What a key counts. It cannot be derived from the key, which is opaque to a store. */
export interface Counted {
  /** The name of a limit and which of its counts this is; defined in `ratelimit/limiter.ts`. */
  rule: string;
  scope: string;
  /** The limit subject, sealed in place `limit:KEY`. */
  subject: Sealed;
}

/** An exhausted key: its next attempt is refused. */
export interface ExhaustedLimit extends Counted {
  key: string;
  until: Date;
}

export interface LimitStore {
  /**
   * Counts one attempt of `key` if the rule allows it; exact under any number of concurrent calls. A fresh key has a
   * count of 0. A key blocked until T refuses with `retryAt` T.
   * Without `waits`: an attempt that finds the limit used up is refused until the window ends.
   * With `waits`: attempt n ≥ limit is allowed and blocks the key for `waits[min(n - limit, waits.length - 1)]`; the
   * key is fresh again after it was unblocked and unused for `window`.
   * `counted` says what the key counts.
   */
  consumeLimit(key: string, rule: LimitRule, now: Date, counted: Counted): Promise<LimitUse>;
  /** Gives one attempt back and unblocks the key. A fresh key is unchanged. */
  refundLimit(key: string): Promise<void>;
  resetLimit(key: string): Promise<void>;
  /** The keys that are exhausted at `now`, latest reset first, at most 500. */
  exhaustedLimits(now: Date): Promise<ExhaustedLimit[]>;
  /**
   * Clears the key and records it. Returns false and records nothing if the key was never counted, or every attempt was
   * refunded.
   */
  clearLimit(input: { key: string; event: SecurityEvent }): Promise<boolean>;
}
