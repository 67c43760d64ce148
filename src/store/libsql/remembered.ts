import type { Connection } from './transaction.ts';

/**
 * Caches results of `read` by key until the next write. A write of this connection clears the cache; `PRAGMA
 * data_version` reveals writes of others. It is read once for all calls of an event-loop turn, after the last of them,
 * so no result is outdated. Caches at most `most` results, and no `null`.
 */
export function remembered<Found>(
  db: Connection,
  read: (key: string) => Found | null,
  most: number,
): (key: string) => Promise<Found | null> {
  const version = db.statement<[number]>('PRAGMA data_version');
  const kept = new Map<string, Found>();
  let seen: number | undefined;
  let look: Promise<void> | null = null;

  const begin = async (): Promise<void> => {
    await new Promise(setImmediate);
    look = null;
    await db.read(() => {
      const [now] = version.get() ?? [];
      if (now !== seen) kept.clear();
      seen = now;
    });
  };
  const readAndKeep = (key: string): Found | null => {
    const found = read(key);
    if (found === null) return null;
    if (kept.size >= most) kept.clear();
    kept.set(key, found);
    return found;
  };

  db.onWrite(() => kept.clear());
  return async (key) => {
    await (look ??= begin());
    return kept.get(key) ?? db.read(() => readAndKeep(key));
  };
}
