import { codeAttempts, codeMinutes } from '../../src/api/durations.ts';
import type { ProblemName } from '../../src/problems.ts';

/** The next step after an error. `again`: the same page. */
export type Way = 'again' | 'start' | 'sign-in' | 'sign-up' | 'recovery';

export interface ProblemHelp {
  /** What to do, after the server’s message has said what is wrong. */
  hint: string;
  way: Way;
}

/** Every problem with its next step; a missing one does not compile. */
export const problemHelp: Record<ProblemName, ProblemHelp> = {
  malformed: { hint: 'Reload the page and try again.', way: 'again' },
  'not-signed-in': {
    hint: 'Your session has ended. After you sign in, you’ll return to this page.',
    way: 'sign-in',
  },
  'wrong-credentials': {
    hint: 'Check your email address and password for typos. If you forgot your password, reset it by email.',
    way: 'recovery',
  },
  'user-verification-required': {
    hint: 'Sign in with your password or a connected account first, then use the passkey.',
    way: 'sign-in',
  },
  forbidden: {
    hint: 'Ask an operator of this site for access.',
    way: 'start',
  },
  'confirmation-required': {
    hint: 'This action is sensitive. Confirm it’s you to continue.',
    way: 'again',
  },
  'second-factor-required': {
    hint: 'Sign in to add a second factor. It takes about a minute.',
    way: 'sign-in',
  },
  'cross-site-request': {
    hint: 'Open this site directly instead of following a link from another site, and try again.',
    way: 'start',
  },
  'email-unverified': {
    hint: 'Sign in and enter the code from your email. You can also request a new one there.',
    way: 'sign-in',
  },
  'account-closing': {
    hint: 'You can restore the account until it is erased: sign in and follow the instructions.',
    way: 'sign-in',
  },
  'https-required': { hint: 'Use the same URL with https:// at the beginning.', way: 'start' },
  'not-found': {
    hint: 'Check the URL for typos. The page may also have been moved or removed.',
    way: 'start',
  },
  'method-not-allowed': {
    hint: 'Open this URL in the browser’s address bar.',
    way: 'again',
  },
  conflict: { hint: 'Reload the page to see the current state.', way: 'again' },
  'last-way-in': {
    hint: 'Set a password by email or connect another provider first; then you can disconnect this one.',
    way: 'recovery',
  },
  gone: {
    hint: 'Links and codes can be used once and expire. Request a new one.',
    way: 'start',
  },
  'challenge-over': {
    hint: `A code can be used once, within ${codeMinutes} minutes and ${codeAttempts} attempts. Request a new one.`,
    way: 'start',
  },
  'too-large': { hint: 'A request can contain at most 64 KiB.', way: 'again' },
  'not-json': {
    hint: 'Send the body with the content type application/json, or no body.',
    way: 'start',
  },
  'wrong-host': {
    hint: 'Use the URL that this site is configured for.',
    way: 'start',
  },
  'invalid-fields': {
    hint: 'Correct the fields that are marked and try again.',
    way: 'again',
  },
  'wrong-code': {
    hint: 'Use the most recent code or a different sign-in method. The number of attempts is limited.',
    way: 'again',
  },
  'wrong-purpose': { hint: 'Enter the code on the page that asked for it.', way: 'start' },
  'rate-limited': {
    hint: 'Wait until then and try again. Nothing you saved is lost.',
    way: 'again',
  },
  internal: {
    hint: 'Trying again often helps. What you saved before is kept. If the error persists, give an operator the request ID.',
    way: 'again',
  },
  unavailable: {
    hint: 'This usually lasts only a few moments.',
    way: 'again',
  },
};

/** `null` for an error that did not come from our server. */
export function helpFor(name: string): ProblemHelp | null {
  return isProblemName(name) ? problemHelp[name] : null;
}

function isProblemName(name: string): name is ProblemName {
  return Object.hasOwn(problemHelp, name);
}
