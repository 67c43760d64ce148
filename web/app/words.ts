import type { SessionItem } from '../../src/sessions/shapes.ts';

/**
 * Everything that the app says. A second language is a second value of type `Words`: what it lacks does not compile.
 * What the server refuses comes with the server's own sentence.
 */

const methods: Record<SessionItem['method'], string> = {
  password: 'Signed in with the password',
  'sign-up': 'Signed in by creating the account',
  'operator-claim': "Signed in by the operator's link",
};

/** "42 s", "3 min", "2 h": rounded up, so that nobody comes too early. */
function span(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

const english = {
  title: (page: string) => `${page} · Flowcept`,
  nav: { home: 'Home', security: 'Security', signIn: 'Sign in', signUp: 'Create account', signOut: 'Sign out', signingOut: 'Signing out…' },
  loading: 'Loading…',
  offline: 'You are offline. What you see may be old; what you send will not arrive.',
  reference: 'Reference',
  tryAgain: 'Try again',
  wait: (seconds: number) => `You can try again in ${span(seconds)}.`,
  waited: 'You can try again now.',
  unreachable: {
    network: 'Flowcept did not answer. Look at your connection and try again.',
    unreadable: (status: number) => `Something in between answered instead of Flowcept (status ${status}). Try again in a moment.`,
  },
  notFound: {
    title: 'There is nothing here',
    text: 'The address may be mistyped, or the page has moved.',
    way: 'Go home',
  },
  failed: { title: 'This could not be loaded' },
  broken: {
    title: 'This page broke',
    text: 'The fault is ours. Loading it again often helps; nothing that you saved is lost.',
    reload: 'Load again',
  },
  fields: {
    name: 'Name',
    email: 'E-mail',
    password: 'Password',
    newPasswordHint: (minLength: number) => `At least ${minLength} characters. A few words in a row are easy to keep.`,
  },
  signUp: {
    title: 'Create your account',
    submit: 'Create account',
    busy: 'Creating…',
    haveOne: 'You have an account?',
    signIn: 'Sign in',
  },
  checkMail: {
    title: 'Check your mail',
    sentTo: (address: string) => `We sent a six-digit code to ${address}.`,
    help: 'The code is good for ten minutes. Nothing there? Look among the junk.',
    code: 'Code',
    incomplete: 'A code is six digits.',
    wrong: (left: number) => `That is not the code. ${left === 1 ? '1 try' : `${left} tries`} left.`,
    submit: 'Confirm',
    busy: 'Checking…',
    resend: 'Send a new code',
    resendIn: (seconds: number) => `Send a new code in ${span(seconds)}`,
    resending: 'Sending…',
    resent: 'A new code is on its way. The old one no longer works.',
    changeAddress: 'Change the address',
    practice: 'Open the practice mailbox',
    practiceHint: 'opens in a new tab',
    overTitle: 'This code is used up',
    over: 'It has expired, or there were too many wrong tries. Start again and you get a new one; your name and address are kept.',
    startAgain: 'Start again',
    noneTitle: 'No code is awaited in this tab',
    none: 'Create an account, or sign in, and the code is asked for here.',
  },
  signIn: {
    title: 'Sign in',
    stay: 'Stay signed in on this device',
    submit: 'Sign in',
    busy: 'Signing in…',
    newHere: 'New here?',
    signUp: 'Create an account',
    signedOut: 'You are signed out on this device.',
    again: 'Sign in to go on to where you were going.',
    noOperatorTitle: 'This deployment has no operator yet',
    noOperator: 'In its folder, run',
  },
  operator: {
    title: "Become this deployment's operator",
    lead: 'This link came from the terminal of this deployment. It makes one account that may run its checks and look after it.',
    origin: 'Deployment',
    submit: 'Create operator account',
    busy: 'Creating…',
    overTitle: 'This link was used, or it has expired',
    noTokenTitle: "Open this page by the operator's link",
    noToken: 'The link carries a token that is good once, for 30 minutes. To print a new one, run this where the deployment runs:',
    command: 'npx flowcept claim',
  },
  home: {
    title: 'Home',
    greeting: (name: string) => `Hello, ${name}`,
    signedInAs: (email: string) => `Signed in as ${email}`,
    operator: 'Operator',
    devices: 'Your devices',
    devicesLead: 'Everywhere that this account is signed in. What you sign out here is out at its next request.',
    devicesLoading: 'Looking up your devices…',
    thisDevice: 'This device',
    onlyThis: 'You are signed in on this device only.',
    unknownDevice: 'Unknown device',
    address: 'Address',
    first: 'Since',
    last: 'Last used',
    methods,
    signOutHere: 'Sign out',
    signOutDevice: 'Sign out this device',
    signingOut: 'Signing out…',
    signOutOthers: (count: number) => (count === 1 ? 'Sign out 1 other device' : `Sign out ${count} other devices`),
    signedOutOne: (device: string) => `${device} is signed out.`,
    signedOutOthers: 'All other devices are signed out.',
    security: 'What holds today',
    securityText: 'The security page shows every promise with the checks that tried to break it.',
    securityOperator: 'As an operator you can also have the checks run now.',
    openSecurity: 'Open the security page',
    runChecks: 'Run the checks',
  },
};

export type Words = typeof english;

export const words: Words = english;
