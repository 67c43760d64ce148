import { hashCode } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import { countedAs } from '../ratelimit/counted-as.ts';
import type { Subject } from '../ratelimit/limiter.ts';
import type { Challenge, ChallengePurpose, Hashed } from '../records.ts';
import type { Services } from '../services.ts';
import type { Redemption } from '../store/port/challenges.ts';
import { isExpired } from './views.ts';

type Redeemable = Pick<Services, 'store' | 'clock' | 'limiter' | 'pepper'>;

/**
 * Returns the challenge with this ID if it is valid and has this purpose.
 * @throws Problem `not-found` · `wrong-purpose` · `challenge-over`
 */
export async function liveChallenge(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  id: string,
  purposes: readonly ChallengePurpose[],
): Promise<Challenge> {
  const challenge = await store.findChallenge(id);
  if (!challenge) throw new Problem('not-found');
  if (!purposes.includes(challenge.purpose)) throw new Problem('wrong-purpose');
  if (isExpired(challenge, clock.now())) throw new Problem('challenge-over');
  return challenge;
}

/**
 * Redeems a challenge with one code. `redeem` is a single store operation: it uses up an attempt, compares the code
 * and, if it is correct, makes the change. Fifty parallel guesses therefore get five attempts, and a code that was
 * compared stays counted even if a later step fails. Incorrect codes also count against the address across all its
 * challenges of this purpose, separately for a browser that the account knows. ASVS 6.5.1, 6.5.5, 6.6.3.
 * @throws Problem `wrong-code` with `attemptsLeft` · `challenge-over` · `rate-limited`, and those of {@link
 * liveChallenge}
 */
export async function redeemChallenge<Yield extends object>(
  deps: Redeemable,
  {
    id,
    purpose,
    code,
    client,
  }: {
    id: string;
    purpose: ChallengePurpose;
    code: string;
    client: Pick<Client, 'deviceCookies' | 'receivedAt'>;
  },
  redeem: (codeHash: Hashed, challenge: Challenge) => Promise<Redemption<Yield>>,
): Promise<{ kind: 'redeemed' } & Yield> {
  const challenge = await liveChallenge(deps, id, [purpose]);
  const { email, subjectId: accountId } = challenge;
  const subject = wrongCodesOf(purpose, await countedAs(deps, { email, accountId, client }));
  await deps.limiter.consume('wrong-code', subject);
  // Errors from here on refund nothing, because the code may have been compared.
  const outcome = await redeem(hashCode(deps.pepper, id, code), challenge);
  if (outcome.kind === 'wrong')
    throw new Problem('wrong-code', { members: { attemptsLeft: outcome.attemptsLeft } });
  await deps.limiter.refund('wrong-code', subject);
  if (outcome.kind === 'over') throw new Problem('challenge-over');
  await deps.limiter.resetStreak('wrong-code', subject);
  return outcome;
}

/** Returns the limit subject for incorrect codes. */
export function wrongCodesOf(purpose: ChallengePurpose, { key, beside }: Subject): Subject {
  return { key, beside: beside === undefined ? purpose : `${purpose}\u0000${beside}` };
}
