import { refuseReservedButTheRuns } from '../canary-addresses.ts';
import { issueChallenge } from '../challenges/issue-challenge.ts';
import { limitCodeMail } from '../challenges/limit-code-mail.ts';
import { addMs, day } from '../clock.ts';
import { newId } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import type { Challenge } from '../records.ts';
import type { Services } from '../services.ts';
import { refuseGuessable } from './refuse-guessable.ts';
import { verifyEmailLetter } from './verify-email-letter.ts';

const openFor = day;
/** Pending sign-ups per address. With more than one, an attacker’s sign-up does not replace the owner’s. */
const sideBySide = 5;

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'passwords' | 'pepper'
>;
interface Wanted {
  email: string;
  password: string;
  name: string;
  client: Client;
}

/**
 * Starts a sign-up. The account is created only when the address is verified, and the address stays available until
 * then. If the address already has an account, the response and the work are the same, the challenge has no correct
 * code, and the account owner is notified by email. ASVS 6.3.8.
 * @throws Problem `invalid-fields` for a reserved address or a password that is easy to guess · `rate-limited` ·
 * `unavailable`
 */
export async function signUp(
  deps: Dependencies,
  { email, password, name, client }: Wanted,
): Promise<Challenge> {
  const { store, clock, config, mailer, passwords } = deps;
  await refuseReservedButTheRuns(deps, email);
  refuseGuessable(password, { email, name }, 'password');
  const account = await store.findAccountByEmail(email);
  await limitCodeMail(deps, { email, accountId: account?.id ?? null, client });
  const passwordHash = await passwords.hash(password);

  const now = clock.now();
  const id = newId();
  const { challenge, mail } = issueChallenge(deps, {
    purpose: 'verify-email',
    email,
    subjectId: id,
    letter: verifyEmailLetter(account !== null, config),
  });
  await store.openSignUp({
    signUp: {
      id,
      email,
      name,
      passwordHash,
      challengeId: challenge.id,
      createdAt: now,
      expiresAt: addMs(now, openFor),
    },
    challenge,
    mail,
    keep: sideBySide,
  });
  mailer.wake();
  return challenge;
}
