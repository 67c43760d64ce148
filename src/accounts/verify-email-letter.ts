import type { Letter } from '../challenges/issue-challenge.ts';
import type { Config } from '../config.ts';
import { alreadyHasAccount, verifyEmail } from '../mail/code-messages.ts';

/** Returns the email for a sign-up: a code, or, for an address that already has an account, a notice of the attempt. */
export function verifyEmailLetter(isKnown: boolean, { origin }: Pick<Config, 'origin'>): Letter {
  return isKnown
    ? { kind: 'notice', message: alreadyHasAccount({ origin }) }
    : { kind: 'code', write: (code) => verifyEmail({ origin, code }) };
}
