import type { Status } from '../../src/api/trust.ts';
import type { PasswordLook } from './password-look.ts';

/** The component library's own words, shared by the app and the pages for strangers. A second language is a second value of type `UiWords`. */

const serviceNames: Record<string, string> = {
  mail: 'mail',
  google: 'Google',
  github: 'GitHub',
  calendar: 'Google Calendar',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

interface StatusWords {
  word: string;
  /** What the word promises, for the legend. */
  meaning: string;
}

const statusWords: Record<Status, StatusWords> = {
  verified: {
    word: 'Verified',
    meaning: 'Every check held, recently, on the version that is running now.',
  },
  failing: {
    word: 'Failing',
    meaning: 'A check saw that this does not hold. Only a newer check that holds clears it.',
  },
  unverified: {
    word: 'Unverified',
    meaning: 'Nothing fresh proves this at the moment. It may be true; do not count on it.',
  },
  attested: {
    word: 'Attested',
    meaning: 'A named person answers for this until a date, because software cannot prove it.',
  },
  inherited: {
    word: 'Inherited',
    meaning: 'This rests on a provider, and on what that provider publishes about itself.',
  },
  'in-progress': { word: 'In progress', meaning: 'Being worked on. It is not claimed yet.' },
  overdue: { word: 'Overdue', meaning: 'Was meant to be done by a date that has passed.' },
  'not-applicable': {
    word: 'Not applicable',
    meaning: 'Cannot apply to this deployment, for the reason given.',
  },
};

/** Length and variety only; nothing here has looked at a list of stolen passwords. */
const passwordLooks: Record<PasswordLook, string> = {
  short: 'Too short yet',
  simple: 'Long enough, but it repeats itself or follows a row. That is easy to guess.',
  enough: 'Long enough. Another word makes it stronger still.',
  varied: 'Long and varied. Use it nowhere else.',
};

const english = {
  brand: 'Flowcept',
  skip: 'Skip to the content',
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
      `At least ${minLength} characters. A few words in a row are easy to keep.`,
    looks: passwordLooks,
    count: (length: number, minLength: number) => `${length} of ${minLength}`,
    suggest: 'Suggest a passphrase',
    suggestAgain: 'Suggest another',
    suggested:
      'Words at random, made on this device, are filled in. Keep them in your password manager or on paper.',
    notSuggested: 'The words could not be loaded. Look at your connection and try again.',
  },
  sandbox: {
    label: 'Sandbox mode',
    sentence: (services: readonly string[]) =>
      `Sandbox mode: ${list.format(services.map((service) => serviceNames[service] ?? service))} ${services.length === 1 ? 'is' : 'are'} simulated on this machine. Nothing leaves it.`,
    mailbox: 'Open the sandbox mailbox',
  },
  footer: {
    nav: 'More',
    sentence: 'What Flowcept says of its security is what its checks can show.',
    api: 'API',
  },
  days: {
    total: (days: number, events: number, busy: number) =>
      `The last ${days} days: ${events} ${events === 1 ? 'event' : 'events'} on ${busy} ${busy === 1 ? 'day' : 'days'}.`,
    most: (day: string, events: number) => `Most on ${day}: ${events}.`,
    unread: (days: number) => `Of ${days} days too much happened since to count.`,
  },
  strip: {
    held: 'held',
    failed: 'did not hold',
    unknown: 'not conclusive',
    none: 'not checked',
    days: (count: number, what: string) => `${count} ${count === 1 ? 'day' : 'days'} ${what}`,
    title: (days: number) => `The last ${days} days`,
  },
};

export type UiMessages = typeof english;

export const messages: UiMessages = english;
