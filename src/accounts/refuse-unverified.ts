import { issueChallenge } from '../challenges/issue-challenge.ts';
import { limitCodeMail } from '../challenges/limit-code-mail.ts';
import { challengeView, isExpired } from '../challenges/views.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Challenge, SignUp } from '../records.ts';
import type { Services } from '../services.ts';
import { verifyEmailLetter } from './verify-email-letter.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'pepper'>;

interface Unverified {
  signUp: SignUp;
  /** The account with this address; `null` if there is none. */
  accountId: string | null;
  client: Client;
}

/**
 * Handles a correct password for an address that is not verified yet: rejects the sign-in and returns the challenge
 * that verifies the address.
 * @throws Problem `email-unverified` with `challenge` · `rate-limited` · `wrong-credentials` when the sign-up no longer
 * exists
 */
export async function refuseUnverified(deps: Dependencies, unverified: Unverified): Promise<never> {
  const { signUp } = unverified;
  const current = await deps.store.findChallenge(signUp.challengeId);
  const challenge =
    current && !isExpired(current, deps.clock.now())
      ? current
      : await challengeAgain(deps, unverified);
  throw new Problem('email-unverified', { members: { challenge: challengeView(challenge) } });
}

async function challengeAgain(
  deps: Dependencies,
  { signUp: { id, email }, accountId, client }: Unverified,
): Promise<Challenge> {
  await limitCodeMail(deps, { email, accountId, client });
  const { challenge, mail } = issueChallenge(deps, {
    purpose: 'verify-email',
    email,
    subjectId: id,
    letter: verifyEmailLetter(accountId !== null, deps.config),
  });
  if (!(await deps.store.reopenSignUp({ signUpId: id, challenge, mail })))
    throw new Problem('wrong-credentials');
  deps.mailer.wake();
  return challenge;
}
