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
    queue.run('a', () => (begun.push(n), forever())).catch(() => undefined),
  );
  expect(begun).toEqual([0, 1]);
  await expect(queue.run('a', forever)).rejects.toMatchObject(busy);
  expect(works).toHaveLength(34);
});

it('a hash that has waited for five seconds is refused, and the next one takes its place', async () => {
  const queue = makeHashQueue();
  let end: () => void = () => {};
  void queue.run('a', () => new Promise<void>((resolve) => (end = resolve)));
  void queue.run('a', forever);
  const late = expect(queue.run('a', async () => 'late')).rejects.toMatchObject(busy);
  await vi.advanceTimersByTimeAsync(4_000);
  const next = queue.run('a', async () => 'next');
  await vi.advanceTimersByTimeAsync(1_500);
  await late;
  end();
  await expect(next).resolves.toBe('next');
});

it('the hash queue admits as many as can run and wait', async () => {
  const queue = makeHashQueue();
  const ends: (() => void)[] = [];
  const works = Array.from({ length: 34 }, () =>
    queue.admit('a', () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  await expect(queue.admit('a', async () => 'one more')).rejects.toMatchObject(busy);
  ends[0]?.();
  await works[0];
  await expect(queue.admit('a', async () => 'one more')).resolves.toBe('one more');
});

it('a network that fills the hash queue keeps no other one out, and cannot be kept out itself by its own share', async () => {
  const queue = makeHashQueue();
  const ends: (() => void)[] = [];
  const order: string[] = [];
  const refused: string[] = [];
  const add = (network: string) =>
    queue
      .run(network, () => {
        order.push(network);
        return new Promise<void>((resolve) => ends.push(resolve));
      })
      .catch(() => refused.push(network));
  for (let n = 0; n < 34; n += 1) void add('flood');
  void add('flood');
  await vi.advanceTimersByTimeAsync(0);
  expect(refused).toEqual(['flood']);
  void add('other');
  await vi.advanceTimersByTimeAsync(0);
  expect(refused).toEqual(['flood', 'flood']);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(order).toEqual(['flood', 'flood', 'other']);
});

it('the hash queue admits a few of each network although one has taken every place', async () => {
  const queue = makeHashQueue();
  for (let n = 0; n < 34; n += 1) void queue.admit('flood', forever);
  await expect(queue.admit('flood', async () => 'one more')).rejects.toMatchObject(busy);
  for (let n = 0; n < 4; n += 1) void queue.admit('other', forever);
  await expect(queue.admit('other', async () => 'one more')).rejects.toMatchObject(busy);
  for (let n = 0; n < 30; n += 1) void queue.admit(`network ${n}`, forever);
  await expect(queue.admit('last', async () => 'one more')).rejects.toMatchObject(busy);
});
