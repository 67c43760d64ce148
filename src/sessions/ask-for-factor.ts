import { type FactorMethod, factorMethods } from '../api/sessions.ts';
import { attempts, codeLifetime } from '../challenges/code-lifetime.ts';
import { addMs } from '../clock.ts';
import { hashOfNoCode, newId } from '../crypto/token.ts';
import type { Account, Challenge, PasswordHash, SessionMethod } from '../records.ts';
import type { Factor, FactorRecovery } from '../records/two-factor.ts';
import type { Services } from '../services.ts';

/** A second factor is due: the challenge, and the methods that this account can use. */
export interface FactorDue {
  challenge: Challenge;
  methods: FactorMethod[];
}

interface FirstProof {
  account: Account;
  method: SessionMethod;
  stay: boolean;
  provenHash: PasswordHash | null;
  provenIssuer: string | null;
  provenSubject: string | null;
}

/**
 * Creates a challenge if the account has a second factor. The proof given so far is stored with the challenge and
 * cannot be used for anything else. Returns `lost` if all factors were lost and the waiting period is over, `null` if
 * the account has none.
 */
export async function askForFactor(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { account, ...proof }: FirstProof,
): Promise<FactorDue | 'lost' | null> {
  const methods = methodsOf(await store.factorsOf(account.id));
  if (methods.length === 0) return null;
  const now = clock.now();
  if (isOpen(await store.findFactorRecovery(account.id), now)) return 'lost';
  const expiresAt = addMs(now, codeLifetime);
  const challenge: Challenge = {
    id: newId(),
    purpose: 'second-factor',
    email: account.email,
    subjectId: account.id,
    codeHash: hashOfNoCode(),
    attemptsLeft: attempts,
    sentAt: now,
    expiresAt,
    endedAt: null,
  };
  const { method, stay, provenHash, provenIssuer, provenSubject } = proof;
  await store.openSecondFactor({
    challenge,
    pending: {
      id: challenge.id,
      accountId: account.id,
      method,
      stay,
      provenHash,
      provenIssuer,
      provenSubject,
      expiresAt,
    },
  });
  return { challenge, methods };
}

function isOpen(recovery: FactorRecovery | null, now: Date): boolean {
  return (
    recovery !== null &&
    recovery.usedAt === null &&
    recovery.stoppedAt === null &&
    recovery.opensAt <= now &&
    now < recovery.closesAt
  );
}

/** Returns the methods that the account can use. Recovery codes count only while it has a factor that they replace. */
export function methodsOf({
  factors,
  recoveryCodesLeft,
}: {
  factors: readonly Factor[];
  recoveryCodesLeft: number;
}): FactorMethod[] {
  const has = new Set<FactorMethod>(factors.map(({ type }) => type));
  if (has.size > 0 && recoveryCodesLeft > 0) has.add('recovery-code');
  return factorMethods.filter((method) => has.has(method));
}
