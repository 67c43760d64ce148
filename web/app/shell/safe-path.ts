import { safePath as safePathOf } from '../../../src/api/screens.ts';

/** A path within the app, from a URL that anyone can have written; `null` for anything else. */
export function safePath(wanted: unknown): string | null {
  return safePathOf(wanted, window.location.origin);
}
