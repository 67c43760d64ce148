import { expect, test } from 'vitest';
import { second, minute, day } from '../../clock.ts';
import type { LimitRule, LimitUse } from '../port/limits.ts';
import { type Open, type Stores, useStores } from './opened.ts';
import { aCount, anEvent, at, unique } from './samples.ts';

const allowed = { allowed: true, exhausts: expect.any(Boolean) };
const counted = aCount({ scope: 'run' });
const until = (ms: number): LimitUse => ({ allowed: false, retryAt: at(ms) });

const window: LimitRule = { limit: 3, window: minute };
/** Attempts 1 and 2 are free; from the third on each blocks the key: 1 s, 5 s, 20 s, 20 s, … */
const growing: LimitRule = {
  limit: 3,
  window: 10 * minute,
  waits: [second, 5 * second, 20 * second],
};

/** Rate limits. */
export function limitsContract(open: Open): void {
  const stores = useStores(open, 'once');
  const take: Take = (key, rule, ms) => stores.store.consumeLimit(key, rule, at(ms), counted);
  windowContract(stores, take);
  waitsContract(stores, take);
  refundContract(stores, take);
  exhaustedContract(stores, take);
}

type Take = (key: string, rule: LimitRule, ms: number) => Promise<LimitUse>;

function windowContract(stores: Stores, take: Take): void {
  test('the limit is allowed in a window that starts with the first attempt', async () => {
    const key = unique('key');
    for (const ms of [5, 10, 20]) expect(await take(key, window, ms)).toEqual(allowed);
    expect(await take(key, window, 30)).toEqual(until(minute + 5));
    expect(await take(key, window, minute + 4)).toEqual(until(minute + 5));
    expect(await take(key, window, minute + 5)).toEqual(allowed);
    expect(await take(key, window, minute + 6)).toEqual(allowed);
    expect(await take(key, window, 2 * minute)).toEqual(allowed);
    expect(await take(key, window, 2 * minute)).toEqual(until(2 * minute + 5));
  });

  test('the attempt that exhausts the limit is marked, in the next window again', async () => {
    const key = unique('key');
    const taken = [];
    for (const ms of [0, 0, 0, minute]) taken.push(await take(key, window, ms));
    expect(taken).toEqual(
      [false, false, true, false].map((exhausts) => ({ allowed: true, exhausts })),
    );
  });

  test('refused attempts do not prolong the window', async () => {
    const key = unique('key');
    const rule = { limit: 1, window: minute };
    await take(key, rule, 0);
    for (let ms = second; ms < minute; ms += 7 * second)
      expect(await take(key, rule, ms)).toEqual(until(minute));
    expect(await take(key, rule, minute)).toEqual(allowed);
  });

  test('keys are independent, and both connections count together', async () => {
    const [one, other] = [unique('key'), unique('key')];
    const rule = { limit: 1, window: minute };
    expect(await stores.store.consumeLimit(one, rule, at(0), counted)).toEqual(allowed);
    expect(await stores.second.consumeLimit(one, rule, at(0), counted)).toEqual(until(minute));
    expect(await stores.second.consumeLimit(other, rule, at(0), counted)).toEqual(allowed);
  });

  test('of fifty concurrent attempts exactly the limit is allowed', async () => {
    const key = unique('key');
    const taken = await stores.race(50, (store) =>
      store.consumeLimit(key, { limit: 10, window: minute }, at(0), counted),
    );
    expect(taken.filter((answer) => answer.allowed)).toHaveLength(10);
    expect(taken.filter((answer) => !answer.allowed)).toEqual(
      Array.from({ length: 40 }, () => until(minute)),
    );
    const again = await stores.race(50, (store) =>
      store.consumeLimit(key, { limit: 10, window: minute }, at(minute), counted),
    );
    expect(again.filter((answer) => answer.allowed)).toHaveLength(10);
  });
}

function waitsContract(stores: Stores, take: Take): void {
  test('with waits, attempt number `limit` blocks the key for the first wait, and each further one for the next', async () => {
    const key = unique('key');
    for (const exhausts of [false, false, true])
      expect(await take(key, growing, 0)).toEqual({ allowed: true, exhausts });
    expect(await take(key, growing, 0)).toEqual(until(second));
    expect(await take(key, growing, second - 1)).toEqual(until(second));
    expect(await take(key, growing, second)).toEqual(allowed);
    expect(await take(key, growing, second)).toEqual(until(6 * second));
    expect(await take(key, growing, 10 * second)).toEqual(allowed);
    expect(await take(key, growing, 29 * second)).toEqual(until(30 * second));
  });

  test('the last wait repeats', async () => {
    const key = unique('key');
    for (let n = 0; n < 12; n += 1) expect(await take(key, growing, n * minute)).toEqual(allowed);
    expect(await take(key, growing, 11 * minute + 1)).toEqual(until(11 * minute + 20 * second));
  });

  test('with waits, a key is fresh after it was unblocked and unused for the window', async () => {
    const key = unique('key');
    for (const ms of [0, 0, 0]) await take(key, growing, ms);
    const fresh = second + 10 * minute;
    expect(await take(key, growing, fresh)).toEqual(allowed);
    expect(await take(key, growing, fresh)).toEqual(allowed);
    expect(await take(key, growing, fresh)).toEqual(allowed);
    expect(await take(key, growing, fresh)).toEqual(until(fresh + second));
  });

  test('with waits, a key is not fresh a millisecond earlier, and refused attempts prolong nothing', async () => {
    const key = unique('key');
    for (const ms of [0, 0, 0]) await take(key, growing, ms);
    await take(key, growing, second - 1);
    expect(await take(key, growing, second + 10 * minute - 1)).toEqual(allowed);
    expect(await take(key, growing, second + 10 * minute)).toEqual(
      until(6 * second + 10 * minute - 1),
    );
  });

  test('with waits, attempts below the limit are forgotten a window after the last one', async () => {
    const [early, late] = [unique('key'), unique('key')];
    for (const key of [early, late]) for (const ms of [0, minute]) await take(key, growing, ms);
    await take(early, growing, 11 * minute - 1);
    expect(await take(early, growing, 11 * minute)).toEqual(until(11 * minute - 1 + second));
    await take(late, growing, 11 * minute);
    expect(await take(late, growing, 11 * minute + 1)).toEqual(allowed);
  });

  test('with waits, fifty concurrent attempts reach the first wait at most', async () => {
    const key = unique('key');
    const taken = await stores.race(50, (store) =>
      store.consumeLimit(key, growing, at(0), counted),
    );
    expect(taken.filter((answer) => answer.allowed)).toHaveLength(3);
    const afterwards = await stores.race(50, (store) =>
      store.consumeLimit(key, growing, at(second), counted),
    );
    expect(afterwards.filter((answer) => answer.allowed)).toHaveLength(1);
  });

  test('a limit of one with a wait blocks the key at the first attempt', async () => {
    const key = unique('key');
    const rule = { limit: 1, window: minute, waits: [second] };
    expect(await take(key, rule, 0)).toEqual(allowed);
    expect(await take(key, rule, 0)).toEqual(until(second));
  });
}

function refundContract(stores: Stores, take: Take): void {
  test('a refund gives one attempt back within the same window', async () => {
    const key = unique('key');
    for (const ms of [0, 1, 2]) await take(key, window, ms);
    await stores.second.refundLimit(key);
    expect(await take(key, window, 3)).toEqual(allowed);
    expect(await take(key, window, 4)).toEqual(until(minute));
  });

  test('a refund unblocks a key, and the next attempt blocks it for the same wait', async () => {
    const key = unique('key');
    for (const ms of [0, 0, 0]) await take(key, growing, ms);
    await stores.store.refundLimit(key);
    expect(await take(key, growing, 1)).toEqual(allowed);
    expect(await take(key, growing, 1)).toEqual(until(1 + second));
  });

  test('a key whose only attempt was refunded is fresh', async () => {
    const key = unique('key');
    await take(key, { limit: 1, window: minute }, 0);
    await stores.store.refundLimit(key);
    await take(key, { limit: 1, window: minute }, second);
    expect(await take(key, { limit: 1, window: minute }, minute)).toEqual(until(minute + second));
  });

  test('refunding or clearing a fresh key changes nothing', async () => {
    const key = unique('key');
    for (let times = 0; times < 3; times += 1) await stores.store.refundLimit(key);
    await stores.store.resetLimit(key);
    for (const ms of [0, 0, 0]) expect(await take(key, window, ms)).toEqual(allowed);
    expect(await take(key, window, 0)).toEqual(until(minute));
  });

  test('a cleared key is fresh', async () => {
    const key = unique('key');
    for (const ms of [0, 0, 0]) await take(key, growing, ms);
    await stores.second.resetLimit(key);
    for (const ms of [1, 1, 1]) expect(await take(key, growing, ms)).toEqual(allowed);
    expect(await take(key, growing, 1)).toEqual(until(1 + second));
  });

  test('concurrent attempts and refunds end as they would in sequence', async () => {
    const key = unique('key');
    const rule = { limit: 30, window: day };
    await stores.race(20, (store) => store.consumeLimit(key, rule, at(0), counted));
    await stores.race(20, (store, turn) =>
      turn % 4 < 2
        ? store.refundLimit(key)
        : store.consumeLimit(key, rule, at(0), counted).then(() => undefined),
    );
    const rest = await stores.race(15, (store) => store.consumeLimit(key, rule, at(1), counted));
    expect(rest.filter((answer) => answer.allowed)).toHaveLength(10);
  });
}

function exhaustedContract(stores: Stores, take: Take): void {
  /** Milliseconds for which each of these keys is blocked; other tests have keys, too. */
  const exhausted = async (keys: string[], ms: number): Promise<number[]> => {
    const found = await stores.second.exhaustedLimits(at(ms));
    for (const { key: _, until: __, ...what } of found) expect(what).toEqual(counted);
    expect(found.map(({ until: end }) => end.getTime())).toEqual(
      found.map(({ until: end }) => end.getTime()).toSorted((a, b) => b - a),
    );
    return keys.map(
      (key) =>
        (found.find((each) => each.key === key)?.until.getTime() ?? at(ms).getTime()) -
        at(ms).getTime(),
    );
  };

  test('exhausted keys are listed with the time of reset and what they count', async () => {
    const [windowed, waiting, open] = [unique('key'), unique('key'), unique('key')];
    for (const key of [windowed, waiting])
      for (const ms of [0, 0, 0]) await take(key, key === windowed ? window : growing, ms);
    for (const ms of [0, 0]) await take(open, window, ms);
    expect(await exhausted([windowed, waiting, open], 0)).toEqual([minute, second, 0]);
    expect(await exhausted([windowed, waiting, open], second)).toEqual([minute - second, 0, 0]);
    expect(await exhausted([windowed, waiting, open], minute)).toEqual([0, 0, 0]);
  });

  test('a key that was refunded or cleared is not listed as exhausted', async () => {
    const [refunded, cleared] = [unique('key'), unique('key')];
    for (const key of [refunded, cleared]) for (const ms of [0, 0, 0]) await take(key, window, ms);
    await stores.store.refundLimit(refunded);
    await stores.store.resetLimit(cleared);
    expect(await exhausted([refunded, cleared], 0)).toEqual([0, 0]);
  });

  test('a key cleared by an operator is fresh, and that is recorded once', async () => {
    const key = unique('key');
    for (const ms of [0, 0, 0]) await take(key, growing, ms);
    const accountId = unique('account');
    const clears = await stores.race(4, (store) =>
      store.clearLimit({ key, event: anEvent({ accountId }) }),
    );
    expect(clears.filter(Boolean)).toHaveLength(1);
    expect(await stores.second.listEvents({ accountId, before: null, limit: 10 })).toHaveLength(1);
    for (const ms of [1, 1, 1]) expect(await take(key, growing, ms)).toEqual(allowed);
  });

  test('a key that was fully refunded or never counted cannot be cleared', async () => {
    const [refunded, untouched] = [unique('key'), unique('key')];
    await take(refunded, window, 0);
    await stores.store.refundLimit(refunded);
    const accountId = unique('account');
    for (const key of [refunded, untouched])
      expect(await stores.store.clearLimit({ key, event: anEvent({ accountId }) })).toBe(false);
    expect(await stores.store.listEvents({ accountId, before: null, limit: 10 })).toEqual([]);
  });
}
