import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { LimitRule, Store } from '../store/port.ts';
import type { Clock } from '../clock.ts';
import { inARow, type Limit, limits, type LimitName, type SharedLimit } from './limits.ts';

/** Counts in the store, so that all processes share the counts and a restart keeps them. No store, no permit. */
export interface Limiter {
  /** Takes one. @throws Problem `rate-limited` with the seconds to wait */
  take(name: LimitName, subject: string): Promise<void>;
  /**
   * Takes one for somebody in this network: the first `share` of a network from what all networks have together, further ones
   * only while fewer than the limit are taken in all. One network alone gets the limit, and leaves the rest something.
   * @throws Problem `rate-limited` with the seconds to wait
   */
  takeShare(name: SharedLimit, subject: string, network: string): Promise<void>;
  /** Gives back one that turned out not to count. */
  refund(name: LimitName, subject: string): Promise<void>;
  /** A guess was right: none before it counts among the failures in a row. */
  endRun(name: LimitName, subject: string): Promise<void>;
  /** Forgets the count, failures in a row included: its owner proved themselves. */
  clear(name: LimitName, subject: string): Promise<void>;
}

export function makeLimiter({ store, clock, on }: { store: Store; clock: Clock; on: boolean }): Limiter {
  const nothing = async (): Promise<void> => {};
  if (!on) return { take: nothing, takeShare: nothing, refund: nothing, endRun: nothing, clear: nothing };

  const demand = async (name: LimitName, key: string, rule: LimitRule): Promise<void> => {
    const now = clock.now();
    const taken = await store.takeLimit(key, rule, now);
    if (taken.allowed) return;
    const retryAfter = Math.max(1, Math.ceil((taken.retryAt.getTime() - now.getTime()) / 1000));
    throw new Problem('rate-limited', { retryAfter, cause: { limit: name } });
  };
  const givingBack = (key: string) => async (refusal: unknown): Promise<never> => {
    await store.refundLimit(key);
    throw refusal;
  };
  /** Where one is counted: by itself, and where failures in a row count, among them. */
  const keysOf = (name: LimitName, subject: string): string[] => {
    const limit: Limit = limits[name];
    return limit.inARow ? [keyOf(name, subject), keyOf(`${name} in a row`, subject)] : [keyOf(name, subject)];
  };

  return {
    async take(name, subject) {
      const [key = '', run] = keysOf(name, subject);
      await demand(name, key, limits[name]);
      if (run !== undefined) await demand(name, run, inARow).catch(givingBack(key));
    },
    async takeShare(name, subject, network) {
      const { limit, share, window } = limits[name];
      const own = keyOf(`${name} of one network`, `${subject}\u0000${network}`);
      const all = keyOf(name, subject);
      const isWithinShare = (await store.takeLimit(own, { limit: share, window }, clock.now())).allowed;
      if (!isWithinShare) return demand(name, all, { limit, window });
      await demand(name, keyOf(`${name} within shares`, subject), { limit, window }).catch(givingBack(own));
      // Counts, but refuses nobody who is within their share.
      await store.takeLimit(all, { limit, window }, clock.now());
    },
    async refund(name, subject) {
      for (const key of keysOf(name, subject)) await store.refundLimit(key);
    },
    async endRun(name, subject) {
      for (const key of keysOf(name, subject).slice(1)) await store.clearLimit(key);
    },
    async clear(name, subject) {
      for (const key of keysOf(name, subject)) await store.clearLimit(key);
    },
  };
}

/** Hashed, so that the table of limits is no list of who tried what from where. */
function keyOf(name: string, subject: string): string {
  return `${name}:${hashToken(subject)}`;
}
