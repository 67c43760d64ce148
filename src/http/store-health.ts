import type { Store } from '../store/port.ts';

const goodFor = 1_000;

/**
 * Returns a function that checks whether the database responds. It asks at most once a second, however many requests
 * call it, so that a response that needs no record, such as a 404, also reports an outage.
 * @throws StoreUnavailable
 */
export function makeStoreHealth({ ping }: Pick<Store, 'ping'>): () => Promise<void> {
  let goodUntil = 0;
  let asking: Promise<void> | null = null;
  const ask = async () => {
    await ping();
    goodUntil = performance.now() + goodFor;
  };
  return async () => {
    if (performance.now() < goodUntil) return;
    asking ??= ask().finally(() => (asking = null));
    await asking;
  };
}
