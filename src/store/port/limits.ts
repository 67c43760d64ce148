import type { Sealed, SecurityEvent } from '../../records.ts';

/** How often something may happen. With `waits`, each take from `limit` on shuts the key for the next wait. */
export interface LimitRule {
  limit: number;
  /** Milliseconds: without `waits` a window from the first take, with `waits` the quiet time that forgets. */
  window: number;
  /** Milliseconds, the last one repeats. */
  waits?: readonly number[];
}

/** `shuts`: the take was the last one for now. */
export type LimitUse = { allowed: true; shuts: boolean } | { allowed: false; retryAt: Date };

/** What a key counts. Nobody reads that back from the key, which is a name like any other to a store. */
export interface Counted {
  /** The name of a limit, and which of its counts this is: `ratelimit/limiter.ts` knows both. */
  rule: string;
  scope: string;
  /** Whom it counts, sealed in place `limit:KEY`. */
  subject: Sealed;
}

/** A key that is shut now: its next take is refused. */
export interface ExhaustedLimit extends Counted {
  key: string;
  until: Date;
}

export interface LimitStore {
  /**
   * Takes one from `key` if the rule allows it; exact under any number of parallel takes.
   * A fresh key has used 0. Shut until T: refused, `retryAt` T. Without `waits`: the take that finds `limit` used is
   * refused until the window ends. With `waits`: take number n ≥ limit is allowed and shuts the key for
   * `waits[min(n - limit, waits.length - 1)]`; it is fresh again once it has been open and unused for `window`.
   * `counted` says what the key counts.
   */
  consumeLimit(key: string, rule: LimitRule, now: Date, counted: Counted): Promise<LimitUse>;
  /** Gives one back, and opens the key. Nothing happens to a fresh key. */
  refundLimit(key: string): Promise<void>;
  clearLimit(key: string): Promise<void>;
  /** The keys that are shut at `now`, the one that opens last first, at most 500. */
  exhaustedLimits(now: Date): Promise<ExhaustedLimit[]>;
  /** The same as clearing it, recorded. False, and nothing is recorded, for a key that was never taken or all of it given back. */
  liftLimit(input: { key: string; event: SecurityEvent }): Promise<boolean>;
}
