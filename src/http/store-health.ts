import type { Store } from '../store/port.ts';

const goodFor = 1_000;

/**
 * Whether the database answers, asked at most once a second however many ask: so that even an answer that needs no record,
 * such as a 404, says when the service is away. @throws StoreUnavailable
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
