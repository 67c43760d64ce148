import { z } from 'zod/mini';
import { store, stored } from '../shell/browser-storage.ts';

/**
 * Remembers the factor that was last used to sign in from this browser. Recovery codes are not
 * remembered: they are for when that factor is lost.
 */
const lastShape = z.enum(['totp', 'passkey']);
const key = 'last-factor';

export function keepLastFactor(method: string): void {
  const { success, data } = lastShape.safeParse(method);
  if (success) store('localStorage', key, data);
}

export function lastFactor(): z.infer<typeof lastShape> | null {
  return stored('localStorage', key, lastShape);
}
