import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { open, seal } from '../crypto/seal.ts';
import { hashToken } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Store } from '../store/port.ts';
import type { LimitRule, LimitTaken, ShutLimit } from '../store/port/limits.ts';
import { inARow, type Limit, limits, type LimitName, type SharedLimit } from './limits.ts';

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
  takeShare(name: SharedLimit, subject: Subject, network: string): Promise<void>;
  /** Gives back one that turned out not to count. */
  refund(name: LimitName, subject: Subject): Promise<void>;
  /** A guess was right: none before it counts among the failures in a row. */
  endRun(name: LimitName, subject: Subject): Promise<void>;
  /** Forgets the count, failures in a row included: its owner proved themselves. */
  clear(name: LimitName, subject: Subject): Promise<void>;
}

/** What else is counted under a limit's name, and how an operator reads it; `null`: it refuses nobody. */
const counts = { run: ' in a row', network: ' of one network', shares: ' within shares' } as const;
const countsInWords: Record<string, string | null> = {
  '': '',
  [counts.run]: ', too many in a row',
  [counts.shares]: ', from all networks',
  [counts.network]: null,
};

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
      takeShare: nothing,
      refund: nothing,
      endRun: nothing,
      clear: nothing,
    };

  const take = (key: string, rule: LimitRule, { who }: Subject): Promise<LimitTaken> =>
    store.takeLimit(key, rule, clock.now(), seal(keyring, placeOf(key), who));
  const demand = async (
    name: LimitName,
    key: string,
    rule: LimitRule,
    subject: Subject,
  ): Promise<boolean> => {
    const taken = await take(key, rule, subject);
    if (taken.allowed) return taken.shuts;
    const retryAfter = Math.max(
      1,
      Math.ceil((taken.retryAt.getTime() - clock.now().getTime()) / 1000),
    );
    throw new Problem('rate-limited', { retryAfter, cause: { limit: name } });
  };
  const givingBack =
    (key: string) =>
    async (refusal: unknown): Promise<never> => {
      await store.refundLimit(key);
      throw refusal;
    };
  /** Where one is counted: by itself, and where failures in a row count, among them. */
  const keysOf = (name: LimitName, subject: Subject): string[] => {
    const limit: Limit = limits[name];
    return limit.inARow
      ? [keyOf(name, subject), keyOf(`${name}${counts.run}`, subject)]
      : [keyOf(name, subject)];
  };

  return {
    async take(name, subject) {
      const [key = '', run] = keysOf(name, subject);
      const shuts = await demand(name, key, limits[name], subject);
      const runShuts =
        run !== undefined && (await demand(name, run, inARow, subject).catch(givingBack(key)));
      return { shuts: shuts || runShuts };
    },
    async takeShare(name, subject, network) {
      const { limit, share, window } = limits[name];
      const own = keyOf(`${name}${counts.network}`, {
        who: subject.who,
        beside: `${subject.beside ?? ''}\u0000${network}`,
      });
      const all = keyOf(name, subject);
      const isWithinShare = (await take(own, { limit: share, window }, subject)).allowed;
      if (!isWithinShare) return void (await demand(name, all, { limit, window }, subject));
      await demand(
        name,
        keyOf(`${name}${counts.shares}`, subject),
        { limit, window },
        subject,
      ).catch(givingBack(own));
      // Counts, but refuses nobody who is within their share.
      await take(all, { limit, window }, subject);
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

/** Hashed, and whom it counts sealed, so that the table of limits is no list of who tried what from where. */
function keyOf(name: string, { who, beside }: Subject): string {
  return `${name}:${hashToken(beside === undefined ? who : `${who}\u0000${beside}`)}`;
}

function placeOf(key: string): string {
  return `limit:${key}`;
}

/** Which limit has shut, in words too, and whom it counts; `null` for a key of another version, or sealed under a key that is gone. */
export function readShutLimit(
  keyring: Keyring,
  { key, subject }: ShutLimit,
): { name: LimitName; about: string; who: string } | null {
  const counted = key.slice(0, key.indexOf(':'));
  const name = [counted, counted.slice(0, Math.max(0, counted.indexOf(' ')))].find(isLimit);
  const more = name === undefined ? null : (countsInWords[counted.slice(name.length)] ?? null);
  if (name === undefined || more === null) return null;
  try {
    return {
      name,
      about: `${limits[name].about}${more}`,
      who: open(keyring, placeOf(key), subject),
    };
  } catch {
    return null;
  }
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(limits, name);
}
