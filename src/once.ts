/**
 * Creates a value on the first call and returns it on every later one. Concurrent calls share one attempt. A failure is
 * not cached: the next call tries again. Node itself caches the failure of a module whose file it could not read:
 * docs/decisions/014.
 */
export function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  const forget = (error: unknown) => {
    made = undefined;
    throw error;
  };
  return () => (made ??= make().catch(forget));
}
