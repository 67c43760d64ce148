/**
 * Makes a value at the first call and returns it from every later one; callers at the same time share one attempt. A failure is
 * not kept: the next call tries again. Node itself keeps a module whose file it could not read failing: docs/decisions/014.
 */
export function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  const forget = (error: unknown) => {
    made = undefined;
    throw error;
  };
  return () => (made ??= make().catch(forget));
}
