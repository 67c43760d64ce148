import { z } from 'zod/mini';
import { store, stored } from '../shell/browser-storage.ts';

/** What signed in from this browser last, for the next time. Recovery codes are for when that is lost, and not remembered. */
const lastShape = z.enum(['totp', 'passkey']);
const key = 'last-factor';

export function keepLastFactor(method: string): void {
  const { success, data } = lastShape.safeParse(method);
  if (success) store('localStorage', key, data);
}

export function lastFactor(): z.infer<typeof lastShape> | null {
  return stored('localStorage', key, lastShape);
}
