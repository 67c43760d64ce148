import type { Letter } from '../challenges/issue-challenge.ts';
import type { Config } from '../config.ts';
import { alreadyHasAccount, verifyEmail } from '../mail/messages.ts';

/** What goes to an address that somebody signs up with: a code, or to one that has an account word of the attempt. */
export function verifyEmailLetter(isKnown: boolean, { origin }: Pick<Config, 'origin'>): Letter {
  return isKnown
    ? { kind: 'notice', message: alreadyHasAccount({ origin }) }
    : { kind: 'code', write: (code) => verifyEmail({ origin, code }) };
}
