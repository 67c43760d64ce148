import type { z } from 'zod/mini';

/**
 * Stores values of a tab or of this browser. If the browser refuses storage, the values are lost
 * and nothing else fails.
 */
type Where = 'sessionStorage' | 'localStorage';

export function store(where: Where, key: string, value: unknown): void {
  try {
    window[where].setItem(`flowcept.${key}`, JSON.stringify(value));
  } catch {
    return;
  }
}

/** The stored value, if it matches the schema: anyone with this browser can have written it. */
export function stored<Value>(
  where: Where,
  key: string,
  shape: z.ZodMiniType<Value>,
): Value | null {
  try {
    const read = shape.safeParse(JSON.parse(window[where].getItem(`flowcept.${key}`) ?? 'null'));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

export function unstore(where: Where, key: string): void {
  try {
    window[where].removeItem(`flowcept.${key}`);
  } catch {
    return;
  }
}
