import type { FactorProof } from '../api/two-factor.ts';
import { tellOfGuesses } from '../audit/tell-of-guesses.ts';
import { open, SealBroken } from '../crypto/seal.ts';
import { Problem } from '../problems.ts';
import type { Account, Factor, SessionMethod } from '../records.ts';
import type { Services } from '../services.ts';
import type { FactorUse } from '../store/port/factors.ts';
import { verifyAssertion } from './passkeys.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { totpStep } from './totp.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'keyring' | 'log'
>;
interface Presented {
  account: Account;
  proof: FactorProof;
  /** What a passkey's ceremony must have been begun for. */
  occasion: { purpose: 'second-factor' | 'confirm'; subjectId: string };
  /** What was proven before it in the same sign-in; `null`: nothing. */
  firstProof: SessionMethod | null;
}

/**
 * Finds a second factor right, and has it used: `spend` is the one store operation in which it counts, once. Wrong ones count
 * for the account, over everything that takes a factor. ASVS 6.3.1, 6.5.1; NIST SP 800-63B-4 §3.2.2.
 * @throws Problem `wrong-code` · `rate-limited`, and what `spend` throws
 */
export async function proveFactor<Answer>(
  deps: Dependencies,
  presented: Presented,
  spend: (use: FactorUse) => Promise<Answer>,
): Promise<Answer> {
  return countingTries(deps, presented.account, () => useFactor(deps, presented, spend));
}

/** The same, for a caller that counts the try. @throws Problem `wrong-code`, and what `spend` throws */
export async function useFactor<Answer>(
  deps: Dependencies,
  presented: Presented,
  spend: (use: FactorUse) => Promise<Answer>,
): Promise<Answer> {
  const use = await useOf(deps, presented);
  if (use === null) throw new Problem('wrong-code', { detail: refusals[presented.proof.method] });
  return spend(use);
}

const refusals: Record<FactorProof['method'], string> = {
  totp: 'This is not the code that the app shows now, or it was used before.',
  'recovery-code': 'This is none of the recovery codes that are left.',
  passkey: 'This passkey was not accepted.',
};

/**
 * Takes one of the account's tries, and gives it back to one that succeeded: what fails after a factor was compared gives nothing
 * back. The owner is told of the last one that failed, at once: it is made by an intruder who got past the first proof, and it
 * shuts the owner out.
 */
export async function countingTries<Answer>(
  deps: Omit<Dependencies, 'keyring'>,
  { id, email }: Account,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  const { limiter } = deps;
  const { shuts } = await limiter.take('wrong-factor', { who: id });
  const answer = await attempt().catch((error: unknown) => {
    if (shuts) tellOfGuesses(deps, { email, at: 'factor' });
    throw error;
  });
  await limiter.refund('wrong-factor', { who: id });
  await limiter.resetStreak('wrong-factor', { who: id });
  return answer;
}

/**
 * A passkey's first user verification counts only if something equivalent vouches for it: the password of the same sign-in does,
 * a provider's word does not. WebAuthn L3 §7.2: updating `uvInitialized` "SHOULD require authorization by an additional
 * authentication factor equivalent to WebAuthn user verification".
 */
async function useOf(
  deps: Dependencies,
  { account: { id: accountId }, proof, occasion, firstProof }: Presented,
): Promise<FactorUse | null> {
  if (proof.method === 'recovery-code')
    return { kind: 'recovery-code', codeHash: hashRecoveryCode(proof.code) };
  if (proof.method === 'passkey') {
    const verified = await verifyAssertion(deps, proof.response, occasion);
    if (verified?.factor.accountId !== accountId) return null;
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

/** The time step whose code this is for this factor. A secret whose key has left the ring proves nothing any more. */
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
    log.error({ err: error }, 'A second factor does not open.');
    return null;
  }
}
