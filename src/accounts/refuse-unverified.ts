import { issueChallenge } from '../challenges/issue-challenge.ts';
import { limitCodeMail } from '../challenges/renew-challenge.ts';
import { challengeView, isOver } from '../challenges/views.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Challenge, SignUp } from '../store/port.ts';
import { verifyEmailLetter } from './verify-email-letter.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'pepper'>;

/** The right password of an address that is not proved yet: refused, with the challenge that proves it. */
export async function refuseUnverified(deps: Dependencies, signUp: SignUp, isKnown: boolean): Promise<never> {
  const current = await deps.store.findChallenge(signUp.challengeId);
  const challenge = current && !isOver(current, deps.clock.now()) ? current : await challengeAgain(deps, signUp, isKnown);
  throw new Problem('email-unverified', { members: { challenge: challengeView(challenge) } });
}

async function challengeAgain(deps: Dependencies, { id, email }: SignUp, isKnown: boolean): Promise<Challenge> {
  await limitCodeMail(deps, email);
  const { challenge, mail } = issueChallenge(deps, { purpose: 'verify-email', email, subjectId: id, letter: verifyEmailLetter(isKnown, deps.config) });
  if (!(await deps.store.reopenSignUp({ signUpId: id, challenge, mail }))) throw new Problem('wrong-credentials');
  deps.mailer.wake();
  return challenge;
}
