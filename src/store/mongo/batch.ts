/**
 * Combines the reads of one event-loop turn into one query, so that many concurrent requests share a round trip. A
 * batch contains only calls made before its query started, so no result is outdated.
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
