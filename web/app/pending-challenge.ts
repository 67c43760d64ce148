import { z } from 'zod/mini';
import { challenge } from '../../src/challenges/shapes.ts';

/** The proof that this tab waits for. Kept over a reload; of the form only what may be kept, never the password. */
const pendingShape = z.object({
  challenge,
  name: z.string(),
  email: z.string(),
  /** When another code may be asked for, in milliseconds. */
  resendAt: z.number(),
  /** Where to go once it is proved. */
  to: z.nullable(z.string()),
});
export type PendingChallenge = z.infer<typeof pendingShape>;

const key = 'flowcept.challenge';
export const resendAfter = 60_000;

let kept: PendingChallenge | null = null;

export function keepPending(pending: PendingChallenge): void {
  kept = pending;
  // A browser may refuse storage altogether; then a reload loses the challenge, and no more.
  try {
    sessionStorage.setItem(key, JSON.stringify(pending));
  } catch {
    return;
  }
}

export function readPending(): PendingChallenge | null {
  kept ??= fromStorage();
  return kept;
}

export function forgetPending(): void {
  kept = null;
  try {
    sessionStorage.removeItem(key);
  } catch {
    return;
  }
}

function fromStorage(): PendingChallenge | null {
  try {
    const read = pendingShape.safeParse(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
