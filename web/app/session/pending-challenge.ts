import { z } from 'zod/mini';
import { challenge } from '../../../src/api/challenges.ts';
import { store, stored, unstore } from '../shell/browser-storage.ts';

/**
 * A challenge that this tab waits for. It survives a reload, with the form’s values but never the
 * password.
 */
const pendingShape = z.object({
  challenge,
  name: z.string(),
  email: z.string(),
  /** When the code can be sent again, in milliseconds. */
  resendAt: z.number(),
  /** Where to go afterwards. */
  to: z.nullable(z.string()),
});
export type PendingChallenge = z.infer<typeof pendingShape>;

/** The challenges that a tab can wait for, one of each kind. */
const awaited = ['verify-email', 'recover'] as const;
type Awaited = (typeof awaited)[number];

export const resendAfter = 60_000;

const kept = new Map<string, PendingChallenge>();

export function keepPending(pending: PendingChallenge): void {
  const { purpose } = pending.challenge;
  kept.set(purpose, pending);
  store('sessionStorage', purpose, pending);
}

export function readPending(purpose: Awaited): PendingChallenge | null {
  const found = kept.get(purpose) ?? fromStorage(purpose);
  if (found) kept.set(purpose, found);
  return found;
}

export function forgetPending(purposes: readonly Awaited[] = awaited): void {
  for (const purpose of purposes) {
    kept.delete(purpose);
    unstore('sessionStorage', purpose);
  }
}

function fromStorage(purpose: Awaited): PendingChallenge | null {
  const found = stored('sessionStorage', purpose, pendingShape);
  return found?.challenge.purpose === purpose ? found : null;
}
