import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { open, seal } from '../crypto/seal.ts';
import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Store } from '../store/port.ts';
import type { LimitRule, LimitUse, ExhaustedLimit } from '../store/port/limits.ts';
import { failureStreak, type Limit, limits, type LimitName, type SharedLimit } from './limits.ts';
import { makeProcessCounts } from './process-counts.ts';

/**
 * Whom a limit counts: a network address, an email address or an account ID. `beside` distinguishes further keys of the
 * same subject.
 */
export interface Subject {
  key: string;
  beside?: string;
}

/**
 * Counts in the store, so that all processes share the counts and a restart keeps them. Limits with `perProcess` are
 * the exception: each process counts for itself, in memory.
 */
export interface Limiter {
  /**
   * Consumes one attempt, and returns whether that exhausted the limit.
   * @throws Problem `rate-limited` with the seconds until a retry
   */
  consume(name: LimitName, subject: Subject): Promise<{ exhausts: boolean }>;
  /**
   * Consumes one attempt. Within this network’s fair share, only what all networks consumed within their shares can
   * exhaust the limit; beyond the share, everything that was consumed counts. So one network can use the whole limit
   * and still leave a part for others, and together they exceed it by at most `limit - share`: docs/decisions/005.
   * @throws Problem `rate-limited` with the seconds until a retry
   */
  consumeShare(name: SharedLimit, subject: Subject, network: string): Promise<void>;
  /** Refunds an attempt that turned out not to count. */
  refund(name: LimitName, subject: Subject): Promise<void>;
  /** Ends the failure streak after a correct guess. */
  resetStreak(name: LimitName, subject: Subject): Promise<void>;
  /** Forgets the count and the failure streak, after the account owner proved their identity. */
  reset(name: LimitName, subject: Subject): Promise<void>;
}

/**
 * The counters of one limit: the suffix of its key, and its name for operators; `null` for a counter that rejects no
 * request.
 */
const scopes = {
  each: { key: '', words: '' },
  /** Failures with no success between them. */
  run: { key: ' in a row', words: ', failure streak' },
  /** What one network has consumed. */
  network: { key: ' of one network', words: null },
  /** What all networks have consumed within their fair shares. */
  shares: { key: ' within shares', words: ', from all networks' },
} as const satisfies Record<string, { key: string; words: string | null }>;
type Scope = keyof typeof scopes;

interface Count {
  rule: LimitName;
  scope: Scope;
  subject: Subject;
}

export function makeLimiter({
  store,
  clock,
  keyring,
  on,
}: {
  store: Store;
  clock: Clock;
  keyring: Keyring;
  on: boolean;
}): Limiter {
  const nothing = async (): Promise<void> => {};
  if (!on)
    return {
      consume: async () => ({ exhausts: false }),
      consumeShare: nothing,
      refund: nothing,
      resetStreak: nothing,
      reset: nothing,
    };

  const consumeInProcess = makeProcessCounts();
  const consume = async (count: Count, limit: LimitRule): Promise<LimitUse> => {
    const { rule, scope, subject } = count;
    const key = keyOf(count);
    const { perProcess }: Limit = limits[rule];
    if (perProcess) return consumeInProcess(key, limit, clock.now());
    const counted = { rule, scope, subject: seal(keyring, placeOf(key), subject.key) };
    return store.consumeLimit(key, limit, clock.now(), counted);
  };
  const demand = async (count: Count, limit: LimitRule): Promise<boolean> => {
    const taken = await consume(count, limit);
    if (taken.allowed) return taken.exhausts;
    const retryAfter = Math.max(
      1,
      Math.ceil((taken.retryAt.getTime() - clock.now().getTime()) / 1000),
    );
    throw new Problem('rate-limited', { retryAfter, cause: { limit: count.rule } });
  };
  const givingBack =
    (count: Count) =>
    async (error: unknown): Promise<never> => {
      await store.refundLimit(keyOf(count));
      throw error;
    };
  /** Returns the keys that count this: its own, and the failure streak if the limit has one. */
  const keysOf = (rule: LimitName, subject: Subject): string[] => {
    const limit: Limit = limits[rule];
    const counting: Scope[] = limit.failureStreak ? ['each', 'run'] : ['each'];
    return counting.map((scope) => keyOf({ rule, scope, subject }));
  };

  return {
    async consume(name, subject) {
      const limit: Limit = limits[name];
      const each: Count = { rule: name, scope: 'each', subject };
      const exhausts = await demand(each, limit);
      const streakExhausts =
        limit.failureStreak === true &&
        (await demand({ ...each, scope: 'run' }, failureStreak).catch(givingBack(each)));
      return { exhausts: exhausts || streakExhausts };
    },
    async consumeShare(name, subject, network) {
      const { limit, share, window } = limits[name];
      const beside = `${subject.beside ?? ''}\u0000${network}`;
      const own: Count = { rule: name, scope: 'network', subject: { key: subject.key, beside } };
      const all: Count = { rule: name, scope: 'each', subject };
      const isWithinShare = (await consume(own, { limit: share, window })).allowed;
      if (!isWithinShare) return void (await demand(all, { limit, window }));
      await demand({ ...all, scope: 'shares' }, { limit, window }).catch(givingBack(own));
      // Counts, but never rejects a request within its fair share.
      await consume(all, { limit, window });
    },
    async refund(name, subject) {
      for (const key of keysOf(name, subject)) await store.refundLimit(key);
    },
    async resetStreak(name, subject) {
      for (const key of keysOf(name, subject).slice(1)) await store.resetLimit(key);
    },
    async reset(name, subject) {
      for (const key of keysOf(name, subject)) await store.resetLimit(key);
    },
  };
}

/**
 * The subject is hashed in the key and sealed in the record, so that the stored limits do not reveal who tried what
 * from where.
 */
function keyOf({ rule, scope, subject: { key, beside } }: Count): string {
  const hash = hashToken(beside === undefined ? key : `${key}\u0000${beside}`);
  return `${rule}${scopes[scope].key}:${hash}`;
}

function placeOf(key: string): string {
  return `limit:${key}`;
}

/**
 * Returns the description and the subject of an exhausted limit; `null` for a limit of another version, or one whose
 * key is no longer in the keyring.
 */
export function readExhaustedLimit(
  keyring: Keyring,
  { key, rule, scope, subject }: ExhaustedLimit,
): { name: LimitName; about: string; key: string } | null {
  if (!isLimit(rule) || !isScope(scope)) return null;
  const { words } = scopes[scope];
  if (words === null) return null;
  try {
    const about = `${limits[rule].about}${words}`;
    return { name: rule, about, key: open(keyring, placeOf(key), subject) };
  } catch {
    return null;
  }
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(limits, name);
}

function isScope(name: string): name is Scope {
  return Object.hasOwn(scopes, name);
}
