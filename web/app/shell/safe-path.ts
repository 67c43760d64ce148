import { safePath as safePathOf } from '../../../src/api/screens.ts';

/** A path within the app, from an address that anybody may have written; anything else is `null`. */
export function safePath(wanted: unknown): string | null {
  return safePathOf(wanted, window.location.origin);
}
