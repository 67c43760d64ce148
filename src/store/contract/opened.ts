import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { hour } from '../../clock.ts';
import type { Account, Hashed, Session } from '../../records.ts';
import type { Store } from '../port.ts';
import type { Begun } from '../port/sessions.ts';
import { anAccount, at, type Beginning, beginning, claiming, hashed, unique } from './samples.ts';

/** A new database and two connections to it, as two processes have. */
interface Opened {
  store: Store;
  second: Store;
  close(): Promise<void>;
}
export type Open = () => Promise<Opened>;

/** The two connections of the running test. */
export interface Stores {
  readonly store: Store;
  readonly second: Store;
  /** Calls `action` this many times concurrently, alternating between the connections. */
  race<Answer>(
    times: number,
    action: (store: Store, turn: number) => Promise<Answer>,
  ): Promise<Answer[]>;
}

const atOnce = 20;

const hooks = { once: [beforeAll, afterAll], 'each-time': [beforeEach, afterEach] } as const;

/**
 * Opens a database for all tests of a `describe`, or one for each test, and prepares it over both connections at the
 * same time.
 */
export function useStores(open: Open, how: keyof typeof hooks): Stores {
  let opened: Opened | undefined;
  const [before, after] = hooks[how];
  before(async () => {
    opened = await open();
    await Promise.all([opened.store.prepare(), opened.second.prepare()]);
  });
  after(async () => {
    await opened?.close();
    opened = undefined;
  });
  const now = (): Opened => {
    if (opened === undefined) throw new Error('A store is only open inside a test.');
    return opened;
  };
  return {
    get store() {
      return now().store;
    },
    get second() {
      return now().second;
    },
    async race(times, action) {
      const { store, second } = now();
      const turns = Array.from({ length: times }, (_, turn) => turn);
      const answers: Awaited<ReturnType<typeof action>>[] = [];
      // More concurrent calls could exceed the time limit on a busy machine.
      const runner = async () => {
        for (let turn = turns.shift(); turn !== undefined; turn = turns.shift())
          answers[turn] = await action(turn % 2 === 0 ? store : second, turn);
      };
      await Promise.all(Array.from({ length: atOnce }, runner));
      return answers;
    },
  };
}

/** An account created with an operator’s claim. */
export async function insertAccount(
  { store }: Pick<Stores, 'store'>,
  given: Partial<Account> = {},
): Promise<Account> {
  const account = anAccount(given);
  const tokenHash = hashed(unique('claim'));
  await store.insertClaim({ tokenHash, expiresAt: at(hour) });
  // A redeemed claim invalidates every other one, so two calls must not overlap.
  const { kind } = await store.redeemClaim(claiming(tokenHash, account));
  expect(kind).toBe('redeemed');
  return account;
}

/** Stores a session with default circumstances, except those given. */
export function begin(
  store: Store,
  session: Session,
  given: Partial<Beginning> = {},
): Promise<Begun> {
  return store.insertSession(session, beginning(session, given));
}

export async function knowsDevice(
  { store }: Pick<Stores, 'store'>,
  device: Hashed,
  accountId: string,
  now = at(0),
): Promise<boolean> {
  const [deviceCookie] = await store.deviceCookies({ hashes: [device], accountId, now });
  return deviceCookie?.replacedAt === null;
}

/** How often each action was recorded for this account. */
export async function actionsOf(
  { store }: Pick<Stores, 'store'>,
  accountId: string,
): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const { action } of await store.listEvents({ accountId, before: null, limit: 100 }))
    counted[action] = (counted[action] ?? 0) + 1;
  return counted;
}
