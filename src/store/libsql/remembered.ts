import type { Connection } from './transaction.ts';

/**
 * Answers of `read`, kept by key until anybody writes: when this connection does, they are dropped with the write; when
 * another one did, `PRAGMA data_version` shows it. It is looked at once for all who ask in one turn of the event loop, after
 * the last of them has asked, so nothing is ever answered from the past. At most `most` are kept, and no `null`.
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
