import { stores, type Store } from './stores.ts';

/**
 * The part of all mutants that a process runs, as `scripts/mutants.js` tells it; on its own it runs
 * all of them on libSQL.
 */
export interface Run {
  store: Store;
  shard: number;
  shards: number;
  /** The name of its file of results. */
  name: string;
}

export function readRun({
  FLOWCEPT_MUTANTS_STORE = 'libsql',
  FLOWCEPT_MUTANTS_SHARD = '1/1',
}: NodeJS.ProcessEnv): Run {
  const store = stores.find((one) => one.toLowerCase() === FLOWCEPT_MUTANTS_STORE.toLowerCase());
  if (!store)
    throw new Error(`FLOWCEPT_MUTANTS_STORE is libsql or mongodb, not ${FLOWCEPT_MUTANTS_STORE}.`);
  const [shard = 0, shards = 0] = /^\d+\/\d+$/.test(FLOWCEPT_MUTANTS_SHARD)
    ? FLOWCEPT_MUTANTS_SHARD.split('/').map(Number)
    : [];
  if (shard < 1 || shard > shards)
    throw new Error(`FLOWCEPT_MUTANTS_SHARD is for example 3/12, not ${FLOWCEPT_MUTANTS_SHARD}.`);
  return { store, shard, shards, name: `${store.toLowerCase()}-${shard}-of-${shards}` };
}

export function partOf<Item>(all: readonly Item[], { shard, shards }: Run): readonly Item[] {
  return all.filter((_, index) => index % shards === shard - 1);
}
