import type { z } from 'zod/mini';
import type {
  factorRecoveryView as recoveryShape,
  factorView as factorShape,
} from '../api/two-factor.ts';
import type { Factor, FactorRecovery } from '../records/two-factor.ts';

/** A factor that was added, with recovery codes if it was the account’s first. */
export interface Added {
  factor: Factor;
  recoveryCodes: string[] | null;
}

/** Returns the view of a factor for API responses, without its secret, key or credential. ASVS 15.3.1. */
export function factorView({
  id,
  type,
  name,
  createdAt,
  lastUsedAt,
  uvInitialized,
}: Factor): z.infer<typeof factorShape> {
  return {
    id,
    type,
    name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    signsInAlone: uvInitialized,
  };
}

export function factorRecoveryView({
  opensAt,
  closesAt,
  usedAt,
  stoppedAt,
}: FactorRecovery): z.infer<typeof recoveryShape> {
  return {
    opensAt: opensAt.toISOString(),
    closesAt: closesAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
    stoppedAt: stoppedAt?.toISOString() ?? null,
  };
}

export function addedView({ factor, recoveryCodes }: Added) {
  return { factor: factorView(factor), ...(recoveryCodes && { recoveryCodes }) };
}
