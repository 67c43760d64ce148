import type { Letter } from '../challenges/issue-challenge.ts';
import { liveChallenge } from '../challenges/redeem-challenge.ts';
import { renewChallenge } from '../challenges/renew-challenge.ts';
import type { Config } from '../config.ts';
import type { Client } from '../http/client.ts';
import type { Challenge } from '../records.ts';
import type { Services } from '../services.ts';
import { emailChangeLetter } from './change-email.ts';
import { recoveryLetter } from './recover.ts';
import { verifyEmailLetter } from './verify-email-letter.ts';

/** The email to send with a new code, by purpose. */
const letters = {
  'verify-email': verifyEmailLetter,
  recover: recoveryLetter,
  'change-email': emailChangeLetter,
} satisfies Record<string, (isKnown: boolean, config: Config) => Letter>;

type Resendable = keyof typeof letters;
const purposes = Object.keys(letters) as Resendable[];

/**
 * Emails a new code for a challenge.
 * @throws Problem as `liveChallenge` and `renewChallenge`
 */
export async function resendCode(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'pepper'>,
  { id, client }: { id: string; client: Client },
): Promise<Challenge> {
  const challenge = await liveChallenge(deps, id, purposes);
  const account = await deps.store.findAccountByEmail(challenge.email);
  const write = letters[challenge.purpose as Resendable];
  return renewChallenge(deps, challenge, {
    letter: write(account !== null, deps.config),
    accountId: account?.id ?? null,
    client,
  });
}
