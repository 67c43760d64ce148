import type { FactorProof } from '../api/two-factor.ts';
import { tellOfGuesses } from '../audit/tell-of-guesses.ts';
import { open, SealBroken } from '../crypto/seal.ts';
import { Problem } from '../problems.ts';
import type { Account, SessionMethod } from '../records.ts';
import type { Factor } from '../records/two-factor.ts';
import type { Services } from '../services.ts';
import type { FactorUse } from '../store/port/factors.ts';
import { passkeyProblems, verifyAssertion } from './passkeys.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { totpStep } from './totp.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'keyring' | 'log'
>;
interface Presented {
  account: Account;
  proof: FactorProof;
  /** The ceremony that a passkey must answer. */
  occasion: { purpose: 'second-factor' | 'confirm'; subjectId: string };
  /** The first proof of the same sign-in; `null` if there was none. */
  firstProof: SessionMethod | null;
}

/**
 * Verifies a second factor and uses it. `spend` is the single store operation in which the factor counts, once.
 * Incorrect factors count against the account, across all methods. ASVS 6.3.1, 6.5.1; NIST SP 800-63B-4 §3.2.2.
 * @throws Problem `wrong-code` · `rate-limited`, and what `spend` throws
 */
export async function proveFactor<Answer>(
  deps: Dependencies,
  presented: Presented,
  spend: (use: FactorUse) => Promise<Answer>,
): Promise<Answer> {
  return countingTries(deps, presented.account, () => useFactor(deps, presented, spend));
}

/**
 * Does the same for a caller that counts the attempt itself.
 * @throws Problem `wrong-code`, and what `spend` throws
 */
export async function useFactor<Answer>(
  deps: Dependencies,
  presented: Presented,
  spend: (use: FactorUse) => Promise<Answer>,
): Promise<Answer> {
  const use = await useOf(deps, presented);
  if (use === null)
    throw new Problem('wrong-code', { detail: problemsFor[presented.proof.method] });
  return spend(use);
}

const problemsFor: Record<FactorProof['method'], string> = {
  totp: 'That code is incorrect or has already been used. Enter the current code from your app.',
  'recovery-code': 'That recovery code is incorrect or has already been used.',
  passkey: passkeyProblems.unaccepted,
};

/**
 * Counts an attempt against the account’s limit and refunds it on success. An error after a factor was compared refunds
 * nothing. When a failed attempt exhausts the limit, the account owner is notified at once: an attacker who passed the
 * first proof may have made it, and the owner cannot use a factor until the limit resets.
 */
export async function countingTries<Answer>(
  deps: Omit<Dependencies, 'keyring'>,
  { id, email }: Account,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  const { limiter } = deps;
  const { exhausts } = await limiter.consume('wrong-factor', { key: id });
  const answer = await attempt().catch((error: unknown) => {
    if (exhausts) tellOfGuesses(deps, { email, at: 'factor' });
    throw error;
  });
  await limiter.refund('wrong-factor', { key: id });
  await limiter.resetStreak('wrong-factor', { key: id });
  return answer;
}

/**
 * A passkey’s first user verification counts only together with an equivalent factor: the password in the same sign-in,
 * but not a provider’s assertion. WebAuthn L3 §7.2: updating `uvInitialized` "SHOULD require authorization by an
 * additional authentication factor equivalent to WebAuthn user verification".
 */
async function useOf(
  deps: Dependencies,
  { account: { id: accountId }, proof, occasion, firstProof }: Presented,
): Promise<FactorUse | null> {
  if (proof.method === 'recovery-code')
    return { kind: 'recovery-code', codeHash: hashRecoveryCode(proof.code) };
  if (proof.method === 'passkey') {
    const verified = await verifyAssertion(deps, proof.response, occasion);
    if (typeof verified === 'string')
      throw new Problem('wrong-code', { detail: passkeyProblems[verified] });
    if (verified.factor.accountId !== accountId) return null;
    const { factor, counter, userVerified } = verified;
    return {
      kind: 'factor',
      factorId: factor.id,
      counter,
      initializesUv: userVerified && firstProof === 'password',
    };
  }
  const { factors } = await deps.store.factorsOf(accountId);
  for (const factor of factors) {
    const step = stepOf(deps, factor, proof.code);
    if (step !== null)
      return { kind: 'factor', factorId: factor.id, counter: step, initializesUv: false };
  }
  return null;
}

/**
 * Returns the time step that the code belongs to, or `null`. A secret whose key is no longer in the keyring accepts no
 * code.
 */
export function stepOf(
  { keyring, clock, log }: Pick<Services, 'keyring' | 'clock' | 'log'>,
  { id, secret }: Factor,
  code: string,
): number | null {
  if (secret === null) return null;
  try {
    return totpStep({ secret: open(keyring, `factor:${id}`, secret), code, now: clock.now() });
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    log.error({ err: error }, 'A second factor could not be decrypted.');
    return null;
  }
}
