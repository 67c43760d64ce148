import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeHashQueue } from './hash-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const forever = () => new Promise<never>(() => {});
const busy = { kind: 'unavailable', details: expect.objectContaining({ retryAfter: 3 }) };

it('the hash queue runs two at a time, lets thirty-two wait, and refuses the next', async () => {
  const queue = makeHashQueue();
  const begun: number[] = [];
  const works = Array.from({ length: 34 }, (_, n) =>
    queue.run(() => (begun.push(n), forever())).catch(() => undefined),
  );
  expect(begun).toEqual([0, 1]);
  await expect(queue.run(forever)).rejects.toMatchObject(busy);
  expect(works).toHaveLength(34);
});

it('a hash that has waited for five seconds is refused, and the next one takes its place', async () => {
  const queue = makeHashQueue();
  let end: () => void = () => {};
  void queue.run(() => new Promise<void>((resolve) => (end = resolve)));
  void queue.run(forever);
  const late = expect(queue.run(async () => 'late')).rejects.toMatchObject(busy);
  await vi.advanceTimersByTimeAsync(4_000);
  const next = queue.run(async () => 'next');
  await vi.advanceTimersByTimeAsync(1_500);
  await late;
  end();
  await expect(next).resolves.toBe('next');
});

it('the hash queue admits as many as can run and wait', async () => {
  const queue = makeHashQueue();
  const ends: (() => void)[] = [];
  const works = Array.from({ length: 34 }, () =>
    queue.admit(() => new Promise<void>((resolve) => ends.push(resolve))),
  );
  await expect(queue.admit(async () => 'one more')).rejects.toMatchObject(busy);
  ends[0]?.();
  await works[0];
  await expect(queue.admit(async () => 'one more')).resolves.toBe('one more');
});
