import { expect, it } from 'vitest';
import { once } from './once.ts';

/** Fails while too many files are open. */
function makeLoad() {
  const load = { attempts: 0, tooManyOpenFiles: false };
  const get = once(async () => {
    load.attempts += 1;
    if (load.tooManyOpenFiles) throw new Error('EMFILE: too many open files');
    return { page: load.attempts };
  });
  return { load, get };
}

it('a value is made once, for concurrent and later callers', async () => {
  const { load, get } = makeLoad();
  const [first, second] = await Promise.all([get(), get()]);
  expect(second).toBe(first);
  expect(await get()).toBe(first);
  expect(load.attempts).toBe(1);
});

it('all callers of a failed attempt fail, and the next call tries again', async () => {
  const { load, get } = makeLoad();
  load.tooManyOpenFiles = true;
  const failed = await Promise.allSettled([get(), get()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(load.attempts).toBe(1);
  load.tooManyOpenFiles = false;
  expect(await get()).toEqual({ page: 2 });
  expect(await get()).toEqual({ page: 2 });
});
