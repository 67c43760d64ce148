import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { open, seal } from '../crypto/seal.ts';
import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Store } from '../store/port.ts';
import type { LimitRule, LimitUse, ExhaustedLimit } from '../store/port/limits.ts';
import { failureStreak, type Limit, limits, type LimitName, type SharedLimit } from './limits.ts';

/** Whom a limit counts: an address of the network, an e-mail address or an account's id; and what else tells its keys apart. */
export interface Subject {
  who: string;
  beside?: string;
}

/** Counts in the store, so that all processes share the counts and a restart keeps them. No store, no permit. */
export interface Limiter {
  /** Takes one, and says whether it was the last for now. @throws Problem `rate-limited` with the seconds to wait */
  take(name: LimitName, subject: Subject): Promise<{ shuts: boolean }>;
  /**
   * Takes one for somebody in this network: the first `share` of a network from what all networks have together, further ones
   * only while fewer than the limit are taken in all. One network alone gets the limit, and leaves the rest something.
   * @throws Problem `rate-limited` with the seconds to wait
   */
  consumeShare(name: SharedLimit, subject: Subject, network: string): Promise<void>;
  /** Gives back one that turned out not to count. */
  refund(name: LimitName, subject: Subject): Promise<void>;
  /** A guess was right: none before it counts among the failures in a row. */
  resetStreak(name: LimitName, subject: Subject): Promise<void>;
  /** Forgets the count, failures in a row included: its owner proved themselves. */
  clear(name: LimitName, subject: Subject): Promise<void>;
}

/** The counts of one limit: what its key begins with beside the name, and how an operator reads it; `null`: it refuses nobody. */
const scopes = {
  each: { key: '', words: '' },
  /** Failures with no success between them. */
  run: { key: ' in a row', words: ', failure streak' },
  /** What one network has taken. */
  network: { key: ' of one network', words: null },
  /** What all networks have taken that are within their share. */
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
      take: async () => ({ shuts: false }),
      consumeShare: nothing,
      refund: nothing,
      resetStreak: nothing,
      clear: nothing,
    };

  const take = (count: Count, limit: LimitRule): Promise<LimitUse> => {
    const { rule, scope, subject } = count;
    const key = keyOf(count);
    const counted = { rule, scope, subject: seal(keyring, placeOf(key), subject.who) };
    return store.consumeLimit(key, limit, clock.now(), counted);
  };
  const demand = async (count: Count, limit: LimitRule): Promise<boolean> => {
    const taken = await take(count, limit);
    if (taken.allowed) return taken.shuts;
    const retryAfter = Math.max(
      1,
      Math.ceil((taken.retryAt.getTime() - clock.now().getTime()) / 1000),
    );
    throw new Problem('rate-limited', { retryAfter, cause: { limit: count.rule } });
  };
  const givingBack =
    (count: Count) =>
    async (refusal: unknown): Promise<never> => {
      await store.refundLimit(keyOf(count));
      throw refusal;
    };
  /** Where one is counted: by itself, and where failures in a row count, among them. */
  const keysOf = (rule: LimitName, subject: Subject): string[] => {
    const limit: Limit = limits[rule];
    const counting: Scope[] = limit.failureStreak ? ['each', 'run'] : ['each'];
    return counting.map((scope) => keyOf({ rule, scope, subject }));
  };

  return {
    async take(name, subject) {
      const limit: Limit = limits[name];
      const each: Count = { rule: name, scope: 'each', subject };
      const shuts = await demand(each, limit);
      const runShuts =
        limit.failureStreak === true &&
        (await demand({ ...each, scope: 'run' }, failureStreak).catch(givingBack(each)));
      return { shuts: shuts || runShuts };
    },
    async consumeShare(name, subject, network) {
      const { limit, share, window } = limits[name];
      const beside = `${subject.beside ?? ''}\u0000${network}`;
      const own: Count = { rule: name, scope: 'network', subject: { who: subject.who, beside } };
      const all: Count = { rule: name, scope: 'each', subject };
      const isWithinShare = (await take(own, { limit: share, window })).allowed;
      if (!isWithinShare) return void (await demand(all, { limit, window }));
      await demand({ ...all, scope: 'shares' }, { limit, window }).catch(givingBack(own));
      // Counts, but refuses nobody who is within their share.
      await take(all, { limit, window });
    },
    async refund(name, subject) {
      for (const key of keysOf(name, subject)) await store.refundLimit(key);
    },
    async resetStreak(name, subject) {
      for (const key of keysOf(name, subject).slice(1)) await store.clearLimit(key);
    },
    async clear(name, subject) {
      for (const key of keysOf(name, subject)) await store.clearLimit(key);
    },
  };
}

/** Hashed, and whom it counts sealed, so that the table of limits is no list of who tried what from where. */
function keyOf({ rule, scope, subject: { who, beside } }: Count): string {
  const hash = hashToken(beside === undefined ? who : `${who}\u0000${beside}`);
  return `${rule}${scopes[scope].key}:${hash}`;
}

function placeOf(key: string): string {
  return `limit:${key}`;
}

/** Which limit has shut, in words too, and whom it counts; `null` for one of another version, or sealed under a key that is gone. */
export function readExhaustedLimit(
  keyring: Keyring,
  { key, rule, scope, subject }: ExhaustedLimit,
): { name: LimitName; about: string; who: string } | null {
  if (!isLimit(rule) || !isScope(scope)) return null;
  const { words } = scopes[scope];
  if (words === null) return null;
  try {
    const about = `${limits[rule].about}${words}`;
    return { name: rule, about, who: open(keyring, placeOf(key), subject) };
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
