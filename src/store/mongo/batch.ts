/**
 * Reads of one event-loop turn go to the database in one query: under load many requests share one round trip.
 * A batch only holds calls that came before its query started, so nothing is ever answered from the past.
 */
export function batched<Found>(
  findAll: (keys: string[]) => Promise<Map<string, Found>>,
  most: number,
): (key: string) => Promise<Found | undefined> {
  let keys: string[] = [];
  let found: Promise<Map<string, Found>> | null = null;

  const begin = async (): Promise<Map<string, Found>> => {
    await new Promise(setImmediate);
    const asked = keys;
    keys = [];
    found = null;
    return findAll(asked);
  };

  return async (key) => {
    if (keys.length >= most) return (await findAll([key])).get(key);
    keys.push(key);
    found ??= begin();
    return (await found).get(key);
  };
}
