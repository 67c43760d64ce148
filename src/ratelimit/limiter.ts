import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Store } from '../store/port.ts';
import type { Clock } from '../clock.ts';
import { limits, type LimitName } from './limits.ts';

/** Counts in the store, so that all processes share the counts and a restart keeps them. No store, no permit. */
export interface Limiter {
  /** Takes one. @throws Problem `rate-limited` with the seconds to wait */
  take(name: LimitName, subject: string): Promise<void>;
  /** Gives back one that turned out not to count. */
  refund(name: LimitName, subject: string): Promise<void>;
  /** Forgets the count: its owner proved themselves. */
  clear(name: LimitName, subject: string): Promise<void>;
}

export function makeLimiter({ store, clock, on }: { store: Store; clock: Clock; on: boolean }): Limiter {
  if (!on) return { take: async () => {}, refund: async () => {}, clear: async () => {} };
  return {
    async take(name, subject) {
      const now = clock.now();
      const taken = await store.takeLimit(keyOf(name, subject), limits[name], now);
      if (taken.allowed) return;
      const retryAfter = Math.max(1, Math.ceil((taken.retryAt.getTime() - now.getTime()) / 1000));
      throw new Problem('rate-limited', { retryAfter, cause: { limit: name } });
    },
    refund: (name, subject) => store.refundLimit(keyOf(name, subject)),
    clear: (name, subject) => store.clearLimit(keyOf(name, subject)),
  };
}

/** Hashed, so that the table of limits is no list of who tried what from where. */
function keyOf(name: LimitName, subject: string): string {
  return `${name}:${hashToken(subject)}`;
}
