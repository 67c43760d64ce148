import type { Status } from '../../src/api/trust.ts';
import type { PasswordLook } from './password-look.ts';

/**
 * Texts of the component library, shared by the app and the public pages. A second language is a
 * second value of type `UiMessages`.
 */

const serviceNames: Record<string, string> = {
  mail: 'email',
  google: 'Google',
  github: 'GitHub',
  calendar: 'Google Calendar',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

interface StatusWords {
  word: string;
  /** What the status means, for the legend. */
  meaning: string;
}

const statusWords: Record<Status, StatusWords> = {
  verified: {
    word: 'Verified',
    meaning: 'All checks passed recently, on the version that is running now.',
  },
  failing: {
    word: 'Failing',
    meaning: 'A check failed. Only a newer pass clears it.',
  },
  unverified: {
    word: 'Unverified',
    meaning: 'There is no current evidence. It may be true, but don’t rely on it.',
  },
  attested: {
    word: 'Attested',
    meaning: 'A named role vouches for this until a set date, because software can’t prove it.',
  },
  inherited: {
    word: 'Inherited',
    meaning: 'This relies on a provider, and on what that provider publishes about itself.',
  },
  'in-progress': {
    word: 'Not done',
    meaning: 'Not done yet, and not claimed. A target date is shown if one is set.',
  },
  overdue: { word: 'Overdue', meaning: 'Not done yet, and its target date has passed.' },
  'not-applicable': {
    word: 'Not applicable',
    meaning: 'Doesn’t apply to this deployment, for the reason given.',
  },
};

/** By length and variety only; breached passwords are not considered here. */
const passwordLooks: Record<PasswordLook, string> = {
  short: 'Too short',
  simple: 'Long enough, but repetitive or a sequence. That’s easy to guess.',
  enough: 'Long enough. Another word makes it stronger.',
  varied: 'Long and varied. Don’t use it anywhere else.',
};

const english = {
  brand: 'Flowcept',
  skip: 'Skip to content',
  mainNav: 'Main',
  security: 'Security',
  signIn: 'Sign in',
  home: 'Your account',
  status: statusWords,
  password: {
    show: 'Show',
    hide: 'Hide',
    showIt: 'Show password',
    hideIt: 'Hide password',
    rule: (minLength: number) =>
      `At least ${minLength} characters. A few random words are easy to remember.`,
    looks: passwordLooks,
    count: (length: number, minLength: number) => `${length} of ${minLength}`,
    suggest: 'Suggest a passphrase',
    suggestAgain: 'Suggest another',
    suggested:
      'Random words, generated on this device, were filled in. Save them in your password manager or on paper.',
    notSuggested: 'The word list couldn’t be loaded. Check your connection and try again.',
  },
  code: {
    ignored: (text: string) => `A code has six digits. Ignored: ${text}`,
  },
  sandbox: {
    label: 'Sandbox mode',
    sentence: (services: readonly string[]) =>
      `Sandbox mode: ${list.format(services.map((service) => serviceNames[service] ?? service))} ${services.length === 1 ? 'is' : 'are'} simulated on this machine. Nothing leaves it.`,
    mailbox: 'Open the sandbox mailbox',
  },
  footer: {
    nav: 'More',
    sentence: 'A security claim counts as verified only while its live checks pass.',
    api: 'API',
  },
  days: {
    total: (days: number, events: number, busy: number) =>
      `Last ${days} days: ${events} ${events === 1 ? 'event' : 'events'} on ${busy} ${busy === 1 ? 'day' : 'days'}.`,
    most: (day: string, events: number) => `Busiest day: ${day} (${events}).`,
    unread: (days: number) =>
      `${days} ${days === 1 ? 'day has' : 'days have'} too many events to count.`,
  },
  strip: {
    passed: 'passed',
    failed: 'failed',
    unknown: 'inconclusive',
    none: 'not run',
    days: (count: number, what: string) => `${count} ${count === 1 ? 'day' : 'days'} ${what}`,
    title: (days: number) => `Last ${days} days`,
  },
};

export type UiMessages = typeof english;

export const messages: UiMessages = english;
