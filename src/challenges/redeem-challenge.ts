import { hashCode } from '../crypto/token.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Challenge, ChallengePurpose, Hashed, Redemption } from '../store/port.ts';
import { isOver } from './views.ts';

type Redeemable = Pick<Services, 'store' | 'clock' | 'limiter' | 'pepper'>;

/** The challenge of this id, alive and for this purpose. @throws Problem `not-found` · `wrong-purpose` · `challenge-over` */
export async function liveChallenge(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  id: string,
  purposes: readonly ChallengePurpose[],
): Promise<Challenge> {
  const challenge = await store.findChallenge(id);
  if (!challenge) throw new Problem('not-found');
  if (!purposes.includes(challenge.purpose)) throw new Problem('wrong-purpose');
  if (isOver(challenge, clock.now())) throw new Problem('challenge-over');
  return challenge;
}

/**
 * One guess at a challenge. `redeem` is the one atomic store operation that takes an attempt, compares, and does what a right
 * code is for; fifty guesses in parallel get five tries. Wrong ones also count for the address, over all its challenges of
 * this purpose. ASVS 6.5.1, 6.5.5, 6.6.3.
 * @throws Problem `wrong-code` with `attemptsLeft` · `challenge-over` · `rate-limited`, and those of {@link liveChallenge}
 */
export async function redeemChallenge<Yield extends object>(
  deps: Redeemable,
  { id, purpose, code }: { id: string; purpose: ChallengePurpose; code: string },
  redeem: (codeHash: Hashed, challenge: Challenge) => Promise<Redemption<Yield>>,
): Promise<{ kind: 'redeemed' } & Yield> {
  const challenge = await liveChallenge(deps, id, [purpose]);
  const wrongCodesOf = `${purpose}\u0000${challenge.email}`;
  await deps.limiter.take('wrong-code', wrongCodesOf);
  const outcome = await redeem(hashCode(deps.pepper, id, code), challenge).catch(async (error: unknown) => {
    // Nothing was compared: what was refused is something else than the code.
    await deps.limiter.refund('wrong-code', wrongCodesOf);
    throw error;
  });
  if (outcome.kind === 'wrong') throw new Problem('wrong-code', { members: { attemptsLeft: outcome.attemptsLeft } });
  await deps.limiter.refund('wrong-code', wrongCodesOf);
  if (outcome.kind === 'over') throw new Problem('challenge-over');
  return outcome;
}
