import type { z } from 'zod/mini';

/** What is kept of a tab over a reload, or of this browser. It may refuse storage altogether; then that is lost, and no more. */
type Where = 'sessionStorage' | 'localStorage';

export function store(where: Where, key: string, value: unknown): void {
  try {
    window[where].setItem(`flowcept.${key}`, JSON.stringify(value));
  } catch {
    return;
  }
}

/** What was stored, if it still has its shape: anybody at this browser may have written there. */
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
