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
  malformed: { hint: 'Load the page again and send it once more.', way: 'again' },
  'not-signed-in': {
    hint: 'The session has ended, or there was none. Signing in leads back to where you were.',
    way: 'sign-in',
  },
  'wrong-credentials': {
    hint: 'Look for typing mistakes in both. If the password is lost, a code by mail sets a new one.',
    way: 'recovery',
  },
  'user-verification-required': {
    hint: 'Sign in with your password or a connected account first, then use the passkey.',
    way: 'sign-in',
  },
  forbidden: {
    hint: 'Your account lacks the right to it. Someone who has it, such as an operator, can do it.',
    way: 'start',
  },
  'confirmation-required': {
    hint: 'This action is sensitive. Confirm it’s you to continue.',
    way: 'again',
  },
  'second-factor-required': {
    hint: 'Sign in, and you are led through it. It takes a minute, and everything is as it was afterwards.',
    way: 'sign-in',
  },
  'cross-site-request': {
    hint: 'Open the page by its own address, not from another site, and try again there.',
    way: 'start',
  },
  'email-unverified': {
    hint: 'Sign in, and the code that was mailed to you is asked for; another one can be sent from there.',
    way: 'sign-in',
  },
  'account-closing': {
    hint: 'Until the day that was named it can be opened again: sign in, and you are asked.',
    way: 'sign-in',
  },
  'https-required': { hint: 'Ask for the same address with https:// in front.', way: 'start' },
  'not-found': {
    hint: 'The address may be mistyped, or what was there has moved or was removed.',
    way: 'start',
  },
  'method-not-allowed': {
    hint: 'Open this address as a page, without sending anything to it.',
    way: 'again',
  },
  conflict: { hint: 'Load the page again to see how things stand now.', way: 'again' },
  'last-way-in': {
    hint: 'Set a password by email or connect another provider first; then you can disconnect this one.',
    way: 'recovery',
  },
  gone: {
    hint: 'Links and codes work once, and for a limited time. Ask for a new one where you got this one.',
    way: 'start',
  },
  'challenge-over': {
    hint: 'Codes work once, for ten minutes and five tries. Begin again and a new one is sent.',
    way: 'start',
  },
  'too-large': { hint: 'Send less at once: at most 64 KiB.', way: 'again' },
  'not-json': { hint: 'Send a body of type application/json, or none.', way: 'start' },
  'wrong-host': {
    hint: 'Use the address that the deployment is set to; the page names it.',
    way: 'start',
  },
  'invalid-fields': {
    hint: 'Mend what is named beside each field, and send it again.',
    way: 'again',
  },
  'wrong-code': {
    hint: 'Use the newest code, or another of your sign-in methods. You have only a few tries.',
    way: 'again',
  },
  'wrong-purpose': { hint: 'Use the code where it was asked for.', way: 'start' },
  'rate-limited': {
    hint: 'Nothing is lost, and no account is locked for more than 15 minutes. Wait until then.',
    way: 'again',
  },
  internal: {
    hint: 'The fault is ours, and its cause is in the log. Trying again often helps; what you saved before is kept.',
    way: 'again',
  },
  unavailable: {
    hint: 'A part of the service does not answer. It usually takes moments.',
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
