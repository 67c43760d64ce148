import {
  claimMinutes,
  codeMinutes,
  deletionDays,
  factorRecoveryClosesAfterDays,
  factorRecoveryHours,
  providerAttemptMinutes,
  reauthenticationMinutes,
  recoveryCodeCount,
  restoreMinutes,
  undoDays,
} from '../../src/api/durations.ts';
import type { EventKind } from '../../src/api/events.ts';
import { type FlowProblemName, providerNames } from '../../src/api/providers.ts';
import type { SessionItem } from '../../src/api/sessions.ts';
import { problems as serverProblems } from '../../src/problems.ts';
import type { SetupId, SetupState } from './setup/setup.ts';

/**
 * Every text of the app. A second language is a second value of type `Messages`, and does not
 * compile if a text is missing. The text of an error from the server comes with the error.
 */

interface FlowProblemMessages {
  title: (provider: string) => string;
  text: (provider: string) => string;
  /** The label of the button, if it does more than try again. */
  again?: (provider: string) => string;
}

const problems: Record<FlowProblemName, FlowProblemMessages> = {
  'account-exists': {
    title: () => 'An account with this email address already exists',
    text: (name) =>
      `Sign in below with your password, then connect ${name} in your account settings. If you don’t know your password, reset it.`,
    again: (name) => `Use a different ${name} account`,
  },
  'cookie-missing': {
    title: () => 'This attempt couldn’t be verified',
    text: (name) =>
      `Cookies are blocked for this site, or ${name} was opened in a different browser. Allow cookies and try again.`,
  },
  'email-no-reply': {
    title: (name) => `Your ${name} email address receives no email`,
    text: (name) =>
      `It ends in “noreply”, and ${name} discards what is sent to it. Choose a different primary address at ${name}, then try again.`,
  },
  'email-withheld': {
    title: (name) => `${name} didn’t share your email address`,
    text: (name) =>
      `This site’s ${name} App doesn’t have the permission “Email addresses: read-only”. Its operator can grant it. Until then, sign up with your email address.`,
  },
  'email-unverified': {
    title: (name) => `${name} hasn’t verified your email address`,
    text: (name) => `Verify your primary email address at ${name}, then try again.`,
  },
  expired: {
    title: () => 'This attempt expired or was already used',
    text: () =>
      `An attempt works once and expires after ${providerAttemptMinutes} minutes. Try again.`,
  },
  'connected-elsewhere': {
    title: (name) => `This ${name} account can’t be connected`,
    text: (name) =>
      `It’s already connected to another account, or yours has a different ${name} account connected. Disconnect that one first.`,
    again: (name) => `Use a different ${name} account`,
  },
  'other-person': {
    title: (name) => `That ${name} account isn’t connected to yours`,
    text: (name) => `To confirm it’s you, choose the ${name} account that you sign in with.`,
  },
  'provider-failed': {
    title: (name) => `${name} didn’t respond as expected`,
    text: () => 'This is usually temporary. Try again, or sign in with your password.',
  },
  refused: {
    title: (name) => `You cancelled at ${name}`,
    text: () => 'Nothing was shared or changed.',
  },
  'signed-out': {
    title: () => 'You’re no longer signed in',
    text: () => 'Sign in to the account you started from, then try again.',
  },
};

const methods: Record<SessionItem['method'], string> = {
  password: 'Signed in with a password',
  passkey: 'Signed in with a passkey',
  'sign-up': 'Signed in when the account was created',
  'operator-claim': 'Signed in with an operator setup link',
  google: 'Signed in with Google',
  github: 'Signed in with GitHub',
};

const activityKinds: Record<EventKind, string> = {
  session: 'Sign-ins and sign-outs',
  password: 'Password',
  factor: 'Two-factor authentication',
  provider: 'Connected accounts',
  account: 'Account',
  operator: 'Operator actions',
};

const setupSteps: Record<SetupId, string> = {
  url: 'Set a public URL',
  mail: 'Set up email delivery',
  keys: 'Back up your data and keys',
  google: 'Set up Google sign-in',
  operator: 'Add a second operator',
};

const setupStates: Record<SetupState | 'skipped', string> = {
  done: 'Done',
  open: 'To do',
  unseen: 'Can’t be checked from here',
  skipped: 'Skipped',
};

/** "42 s", "3 min", "2 h": rounded up, so that no user returns too early. */
function span(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function eachProvider(sentence: (name: string) => string) {
  return { google: sentence(providerNames.google), github: sentence(providerNames.github) };
}

/** The message for a wrong code; without `left` if attempts are not counted. */
function wrongCode(left: number | undefined): string {
  const wrong = serverProblems['wrong-code'].title;
  if (left === undefined) return wrong;
  return `${wrong} ${left === 1 ? '1 attempt' : `${left} attempts`} left.`;
}

const factorRecoveryOpenDays = factorRecoveryClosesAfterDays - factorRecoveryHours / 24;

const english = {
  title: (page: string) => `${page} · Flowcept`,
  nav: {
    home: 'Home',
    account: 'Account',
    activity: 'Activity',
    operators: 'Operators',
    security: 'Security',
    signIn: 'Sign in',
    signUp: 'Create account',
    signOut: 'Sign out',
    signingOut: 'Signing out…',
  },
  loading: 'Loading…',
  offline: 'You’re offline. What you see may be out of date, and changes won’t be saved.',
  reference: 'Request ID',
  tryAgain: 'Try again',
  newTab: 'opens in a new tab',
  copied: 'Copied',
  notCopied: 'Couldn’t copy. Select the text and copy it manually.',
  wait: (seconds: number) => `Try again in ${span(seconds)}.`,
  waited: 'You can try again now.',
  unreachable: {
    network: 'Couldn’t reach Flowcept. Check your connection and try again.',
    unreadable: (status: number) =>
      `Something between you and Flowcept sent an unexpected response (status ${status}). Try again in a moment.`,
  },
  notFound: {
    title: 'Page not found',
    text: 'Check the URL for typos. The page may also have moved.',
    home: 'Go to the home page',
  },
  failed: { title: 'Couldn’t load this page' },
  broken: {
    title: 'Something went wrong',
    text: 'This page stopped working. Reload it and try again. Nothing you saved is lost.',
    reload: 'Reload',
  },
  fields: {
    name: 'Name',
    email: 'Email',
    password: 'Password',
    newPassword: 'New password',
  },
  signUp: {
    title: 'Create your account',
    submit: 'Create account',
    busy: 'Creating…',
    haveOne: 'Already have an account?',
    signIn: 'Sign in',
  },
  checkMail: {
    title: 'Check your email',
    sentTo: (address: string) => `We sent a six-digit code to ${address}.`,
    help: `The code expires after ${codeMinutes} minutes. Can’t find it? Check your spam folder.`,
    code: 'Code',
    incomplete: 'Enter the six-digit code.',
    wrong: wrongCode,
    submit: 'Confirm',
    busy: 'Confirming…',
    resend: 'Resend code',
    resendIn: (seconds: number) => `Resend code in ${span(seconds)}`,
    resending: 'Sending…',
    resent: 'New code sent. The previous one no longer works.',
    changeAddress: 'Change email address',
    sandbox: 'Open the sandbox mailbox',
    expiredTitle: 'This code no longer works',
    expired:
      'It expired, or there were too many incorrect attempts. Start again to get a new code. Your name and email address are kept.',
    startAgain: 'Start again',
    noneTitle: 'No code to enter in this tab',
    none: 'Create an account or sign in first.',
  },
  signIn: {
    title: 'Sign in',
    stay: 'Keep me signed in on this device',
    submit: 'Sign in',
    busy: 'Signing in…',
    newHere: 'New here?',
    signUp: 'Create an account',
    forgot: 'Forgot your password?',
    notices: {
      'signed-out': 'You’re signed out.',
      closing: `Your account is scheduled for deletion. To restore it, sign in within ${deletionDays} days.`,
      'factor-over':
        'That sign-in expired, or there were too many incorrect attempts. Sign in again.',
    },
    again: 'Sign in to continue.',
    noOperatorTitle: 'This deployment has no operator yet',
    noOperator: 'To create one, run this in the deployment’s folder:',
  },
  secondFactor: {
    title: 'Two-factor authentication',
    other: 'Sign in to a different account',
    lost: 'Lost your device?',
    lostOptions: [
      'Use one of your recovery codes. Each one signs you in once. Then remove the lost device in your account settings.',
      `If someone else added a second factor in the last ${undoDays} days, use the link in the email about it to undo the change.`,
    ],
    noneLeft: 'I can’t use any of these',
    noneTitle: 'No sign-in in progress in this tab',
    none: 'Sign in first. If your account has a second factor, you’ll be asked for it here.',
  },
  addFactor: {
    title: 'Set up two-factor authentication',
    lead: 'Every account here needs a second factor. Add one to continue. It takes about a minute.',
    meanwhile: 'Until then, you only have access to',
    account: 'your account settings',
    soonTitle: 'Two-factor authentication will be required soon',
    soon: 'Every account will need a second factor. You can continue without one until',
  },
  lostFactors: {
    title: 'Lost all your second factors?',
    lead: `You can recover your account without them. It takes ${factorRecoveryHours} hours, so that an attacker who has only your password can be stopped.`,
    steps: [
      `Start the recovery. It takes ${factorRecoveryHours} hours and can’t be shortened.`,
      'You’re notified immediately, by email and on every signed-in device. If this wasn’t you, stop the recovery there, or sign in with any second factor.',
      `After ${factorRecoveryHours} hours, sign in as usual. This removes all second factors and recovery codes and signs out all other devices. Then add new ones.`,
    ],
    submit: `Start ${factorRecoveryHours}-hour recovery`,
    back: 'Back to two-factor authentication',
    waitingTitle: 'Recovery started',
    signInFrom: 'Sign in again any time from',
    until: [
      `You have ${factorRecoveryOpenDays} days from then. After that, you have to start again.`,
      'A new password or any of your second factors stops the recovery. If you find one, just sign in with it.',
      'You’ll get an email about this. If you started the recovery yourself, don’t use the link in it: it stops the recovery.',
    ],
    done: 'Back to sign-in',
    bannerTitle: 'Someone asked to remove your second factors',
    banner: `They completed only the first sign-in step and started the ${factorRecoveryHours}-hour recovery. Unless it’s stopped, the next sign-in removes all second factors and requires none, from`,
    bannerAdvice:
      'If this wasn’t you, someone else has your password, or access to your Google or GitHub account. Stop the recovery and change your password.',
    stop: 'Stop the recovery',
    stoppedTitle: 'A recovery of your second factors was stopped',
    stopped: `Someone completed only the first sign-in step and started the ${factorRecoveryHours}-hour recovery. Your second factors have not been removed. It was stopped:`,
    stoppedAdvice:
      'If this wasn’t you, someone else has your password, or access to your Google or GitHub account. Change your password now, and secure that account.',
    changePassword: 'Change your password',
    dismiss: 'This was me, or I’ve secured my account',
    removedTitle: 'Your second factors were removed',
    removed: `The ${factorRecoveryHours}-hour recovery is complete. Until you add a second factor, your password alone signs you in.`,
    addAgain: 'Add a second factor',
  },
  verification: {
    how: {
      password: 'Enter your password.',
      totp: 'Enter the code from your authenticator app.',
      passkey:
        'Your device asks for your fingerprint, face or PIN, or you touch your security key.',
      'recovery-code': 'Enter one of your recovery codes. Each code works once.',
      ...eachProvider(
        (name) => `Choose the ${name} account that you sign in with. ${name} opens in a new tab.`,
      ),
    },
    instead: {
      password: 'Use your password instead',
      totp: 'Use an authenticator app instead',
      passkey: 'Use a passkey instead',
      'recovery-code': 'Use a recovery code instead',
      ...eachProvider((name) => `Use ${name} instead`),
    },
    continueWith: (name: string) => `Continue with ${name}`,
    code: 'Code',
    recoveryCode: 'Recovery code',
    recoveryHint: '24 letters and digits, with or without dashes.',
  },
  factors: {
    title: 'Two-factor authentication',
    lead: 'A second step at sign-in, so a stolen password isn’t enough.',
    types: { totp: 'Authenticator app', passkey: 'Passkey' },
    addedAt: 'Added',
    usedAt: 'Last used',
    notUsed: 'Never',
    addPasskey: 'Add a passkey',
    addApp: 'Add an authenticator app',
    noPasskeys: 'This browser doesn’t support passkeys.',
    added: (name: string) => `${name} added. You’ll be asked for it when you sign in.`,
    remove: 'Remove',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeOne:
      'You’ll no longer be asked for it when you sign in. Your other second factors and your recovery codes stay.',
    removeLast:
      'This is your last second factor. Your recovery codes are removed with it, and signing in no longer needs a second step.',
    removed: (name: string) => `${name} removed.`,
    secondStepOnly:
      'Second step only: when this passkey was added, your device didn’t check your PIN, fingerprint or face, or that wasn’t recorded. To sign in with it alone, sign in once with your password and then this passkey, or remove it and add it again.',
    codesLeft: (left: number) => `${left} of ${recoveryCodeCount} recovery codes left.`,
    renew: 'Generate new recovery codes',
    renewTitle: 'Generate new recovery codes?',
    renewText: (left: number) =>
      left === 0
        ? 'The new codes are shown only once. Have a safe place ready for them.'
        : `Your ${left === 1 ? 'remaining recovery code stops' : `${left} remaining recovery codes stop`} working immediately. The new ones are shown only once. Have a safe place ready for them.`,
    leaveCodes: 'You haven’t saved your recovery codes, and they’re shown only once. Leave anyway?',
    renewed: 'New recovery codes generated. The previous ones no longer work.',
    scan: 'Scan this QR code with your authenticator app.',
    qr: 'QR code with the setup key for your authenticator app; the same key is shown below as text',
    openApp: 'Open it in an app on this device',
    typeSecret: 'Or enter this setup key in the app:',
    copySecret: 'Copy the key',
    thenCode: 'Then enter the six-digit code from the app to finish setup.',
    endOthers: 'Sign out of all other devices',
    endOthersHint: 'They signed in without a second factor.',
    aboutPasskeys:
      'Your device stores the passkey and asks for your fingerprint, face or PIN. If it checks one of these, you can also sign in with the passkey alone.',
    nameHint: 'To tell it apart from your other passkeys.',
    passkeyName: (number: number) => (number === 1 ? 'Passkey' : `Passkey ${number}`),
    createPasskey: 'Create passkey',
    codesTitle: 'Your recovery codes',
    codesLead:
      'Each code signs you in once if you lose your device. They’re shown only once. Store them somewhere other than this device.',
    copy: 'Copy',
    download: 'Download',
    print: 'Print',
    saved: 'I’ve saved these codes',
    continue: 'Continue',
    file: (host: string) => `flowcept-recovery-codes-${host}.txt`,
  },
  act: { busy: 'Working…', cancel: 'Cancel' },
  reauthentication: {
    title: 'Confirm it’s you',
    lead: `This affects the security of your account. You won’t be asked again for ${reauthenticationMinutes} minutes.`,
    none: 'This account has no password and no second factor to confirm with. Sign out and sign in again instead.',
    cancelled: 'Cancelled. No changes were made.',
  },
  confirmed: {
    title: 'Identity confirmed',
    text: 'You can close this tab and continue in the one you came from.',
  },
  passkey: {
    use: 'Use a passkey',
    signIn: 'Sign in with a passkey',
    waiting: 'Waiting for your device…',
    notUsed:
      'No passkey was used. The request was cancelled or timed out, or this device has no passkey for this account.',
    notCreated: 'The passkey wasn’t created. The request was cancelled or timed out. Try again.',
    hasOne: 'This device already has a passkey for this account.',
    wrongAddress:
      'Passkeys don’t work at this address. Open Flowcept at the address its operator gave you.',
    failed: 'The passkey request failed. Try again, or use another method.',
  },
  providers: {
    label: 'Other sign-in options',
    or: 'or',
    continueWith: (name: string) => `Continue with ${name}`,
    title: 'Connected accounts',
    lead: 'Connected accounts can be used to sign in. You get an email when one is connected or disconnected.',
    as: 'Account',
    since: 'Connected',
    connect: (name: string) => `Connect ${name}`,
    disconnect: (name: string) => `Disconnect ${name}`,
    disconnecting: 'Disconnecting…',
    disconnected: (name: string) => `${name} disconnected. All other devices were signed out.`,
    titles: {
      'sign-in': () => 'Sign in',
      connect: (name: string) => `Connect ${name}`,
      confirm: () => 'Confirm it’s you',
    },
    unusable: (name: string) =>
      `You can’t sign in with this account: this site now uses another ${name} server, or none.`,
    passwordFirst: 'To disconnect it, set a password first.',
    onlyWay: (name: string) =>
      `${name} is your only way to sign in. To disconnect it, set a password first.`,
    back: 'Back to account settings',
    problems,
  },
  recovery: {
    title: 'Reset your password',
    lead: 'We’ll email you a code to set a new password.',
    send: 'Send code',
    sending: 'Sending…',
    known: 'Remembered your password?',
    sentTo: (address: string) => `If ${address} has an account, we sent it a six-digit code.`,
    ends: 'Setting a new password signs out all devices.',
    submit: 'Set password',
    busy: 'Saving…',
    otherAddress: 'Use a different email address',
    expired:
      'It expired, or there were too many incorrect attempts. Resend the code; the password you entered stays here.',
    again: 'New code sent.',
    doneTitle: 'Your password is set',
    done: 'All devices were signed out. Sign in with your new password.',
  },
  undo: {
    title: 'Secure your account',
    lead: 'If someone else changed something on your account, the button below signs out all devices and undoes the change.',
    does: 'What happens when you press it:',
    everyProvider:
      'Also disconnect Google and GitHub accounts that were connected earlier, in case someone else has access to them',
    leavesTitle: 'What stays as it is',
    toOthersTitle: 'Your account did this to others',
    toOthers: 'These changes were not reversed. Sign in and review them.',
    wasMe: 'If this was you, close this page. Nothing happens until you press the button.',
    submit: 'This wasn’t me: secure my account',
    busy: 'Securing…',
    doneTitle: 'Your account is secured',
    done: 'All devices are signed out, your old password no longer works, and every email address for the account has been notified. Set a new password to sign in.',
    takenTitle: 'Your account is secured, but another account has its email address',
    taken:
      'All devices are signed out, your old password no longer works, and every email address for the account has been notified. Keep the email with the link you just used: you’ll need it again.',
    nextTitle: 'What to do next',
    resetOther: 'Reset the other account’s password',
    resetPassword: 'Reset your password',
    expiredTitle: 'This link expired or was already used',
    expired: `A link works for ${undoDays} days, and using one makes all others stop working. If something is still wrong, reset your password: that also signs out all devices.`,
    noTokenTitle: 'Open this page with the link in the email',
    noToken:
      'The link identifies your account. Without it, reset your password: that also signs out all devices.',
  },
  account: {
    title: 'Account settings',
    profile: 'Profile',
    save: 'Save name',
    saving: 'Saving…',
    saved: 'Name saved.',
    password: 'Password',
    passwordLead: 'Changing it signs out all other devices. This one stays signed in.',
    current: 'Current password',
    change: 'Change password',
    changing: 'Changing…',
    changed: 'Password changed. All other devices were signed out.',
    forgot: 'Forgot your current password?',
    reset: 'Reset it by email',
    noPassword:
      'You sign in with Google or GitHub and have no password. You can set one with a code sent by email.',
    setPassword: 'Set a password by email',
    security: 'Account security',
    nothingToDo: 'No action needed',
    nothingWhy:
      'Your account has a second factor, and every signed-in device was used in the last 3 days.',
    looking: 'Checking your devices…',
    noFactor:
      'Your account has no second factor. Add a passkey: it stays on your device and can’t be guessed or phished.',
    fewCodes: (left: number) =>
      `${left === 0 ? 'You have no recovery codes' : left === 1 ? 'You have 1 recovery code' : `You have ${left} recovery codes`} left. Without one, losing your device can lock you out for ${factorRecoveryHours} hours.`,
    unused: (devices: string, count: number) =>
      `${devices} ${count === 1 ? 'is' : 'are'} signed in but ${count === 1 ? 'hasn’t' : 'haven’t'} been used for 3 days or more. Sign out devices you no longer use.`,
    unusedDevices: (count: number) => `${count} devices`,
    review: 'Review your devices',
    seeDevices: 'Your devices',
    seeActivity: 'Your activity',
  },
  changeEmail: {
    title: 'Email address',
    lead: `We’ll send a code to the new address to verify it. Your current address is notified and can undo the change for ${undoDays} days.`,
    send: 'Send code',
    sending: 'Sending…',
    keep: 'Keep current address',
    done: (address: string) => `Your email address is now ${address}.`,
    expired:
      'That code no longer works. Your email address hasn’t changed. To try again, send a new code.',
  },
  deletion: {
    title: 'Your data',
    lead: 'Export a copy of your data, or delete your account.',
    download: 'Export your data',
    open: 'Delete account',
    confirmTitle: 'Delete your account?',
    confirmText: `All devices are signed out now. After ${deletionDays} days your account is permanently erased: name, email address, password, second factors, sessions and emails. To restore it before then, sign in.`,
    submit: 'Delete my account',
  },
  restore: {
    title: 'This account is scheduled for deletion',
    text: 'It will be permanently erased on',
    submit: 'Restore account',
    busy: 'Restoring…',
    doneTitle: 'Account restored',
    done: 'Your data and settings are unchanged. Sign in to continue.',
    noTokenTitle: 'Sign in again',
    noToken: `After you sign in, you have ${restoreMinutes} minutes to restore the account.`,
  },
  activity: {
    title: 'Your activity',
    lead: 'Security events on your account, newest first.',
    list: 'Events',
    loading: 'Loading your activity…',
    more: 'Load more',
    loadingMore: 'Loading…',
    filters: 'Filter events',
    kind: 'Type',
    anyKind: 'All events',
    kinds: activityKinds,
    span: 'Period',
    anySpan: 'Any time',
    lastDays: (days: number) => (days === 1 ? 'Last 24 hours' : `Last ${days} days`),
    noneFound: 'No matching events',
    lookedFor: (filters: string) => `Filters: ${filters}.`,
    clear: 'Clear filters',
    noneTitle: 'No activity yet',
    none: 'Sign-ins, password changes and other security events on your account appear here.',
    notMe: 'This wasn’t me',
    notMeLead: 'See something that wasn’t you? Two steps lock everyone else out:',
    notMeSignOut: 'Sign out of all other devices. This takes effect immediately.',
    notMePassword: 'Change your password, so that anyone who knows it can’t sign in again.',
  },
  operator: {
    title: 'Create an operator account',
    lead: 'This link was created in the terminal of this deployment. It creates one account that can run the checks and manage the deployment.',
    origin: 'Deployment',
    submit: 'Create operator account',
    busy: 'Creating…',
    expiredTitle: 'This link expired or was already used',
    noTokenTitle: 'Open this page with an operator setup link',
    noToken: `A setup link works once and expires after ${claimMinutes} minutes. To print a new one, run this where the deployment runs:`,
    command: 'node bin/flowcept.js claim',
  },
  operators: {
    title: 'Operators',
    lead: 'Manage this deployment. Actions are logged and affected users are notified.',
    nav: 'Sections',
    more: 'Load more',
    accounts: {
      title: 'Accounts',
      lead: 'Everyone who has an account on this deployment.',
      search: 'Email or name starts with',
      find: 'Search',
      none: {
        title: 'No accounts yet',
        text: 'Accounts appear here once their email address is verified.',
      },
      notFound: (search: string) => ({
        title: `No email or name starts with “${search}”`,
        text: 'The search matches the beginning of the email address and of the full name.',
      }),
      columns: {
        account: 'Account',
        since: 'Created',
        lastUsed: 'Last active',
        sessions: 'Sessions',
        acts: 'Actions',
      },
      notSignedIn: 'Not signed in',
      operator: 'Operator',
      you: 'You',
      grant: 'Make operator',
      grantTitle: (email: string) => `Make ${email} an operator?`,
      grantText:
        'The account can then do everything you can do here, including managing operators. Its sessions end, and its owner is notified by email.',
      granted: (email: string) => `${email} is now an operator.`,
      remove: 'Remove operator role',
      removeTitle: (email: string) => `Remove the operator role from ${email}?`,
      removeText: (own: boolean) =>
        own
          ? 'This is your own account. You lose access to this page immediately, and only another operator can give it back.'
          : 'The account loses access to this page immediately. Nothing else about it changes. Its owner is notified by email.',
      removed: (email: string) => `${email} is no longer an operator.`,
      signOut: 'Sign out everywhere',
      signOutTitle: (email: string) => `Sign out ${email} everywhere?`,
      signOutText: (sessions: number, own: boolean) =>
        `${sessions === 1 ? 'Its 1 session ends' : `All ${sessions} sessions end`} immediately${own ? ', including yours here' : ''}. The password doesn’t change. The account owner is notified by email.`,
      signedOut: (email: string) => `${email} was signed out everywhere.`,
    },
    limits: {
      title: 'Rate limits',
      lead: 'Active rate limits. They reset automatically.',
      none: {
        title: 'No active rate limits',
        text: 'A limit is listed here from when it’s exhausted until it resets.',
      },
      columns: {
        subject: 'Applies to',
        by: 'Counted by',
        limit: 'Limit',
        until: 'Resets',
        acts: 'Actions',
      },
      kinds: { network: 'Network', address: 'Email address', account: 'Account' },
      clear: 'Clear',
      clearTitle: (about: string, subject: string) => `Clear “${about}” for ${subject}?`,
      clearText:
        'Counting starts again from zero. If the limit was stopping an attacker, they can continue guessing.',
      cleared: (about: string, subject: string) => `“${about}” cleared for ${subject}.`,
    },
    mail: {
      title: 'Email',
      lead: 'Delivery status. Message contents are never shown.',
      stateNav: 'Status',
      states: {
        queued: 'Queued',
        sent: 'Sent',
        kept: 'In the sandbox mailbox',
        dropped: 'Not delivered',
      },
      none: (state: 'queued' | 'sent' | 'kept' | 'dropped') =>
        ({
          queued: 'No queued emails',
          sent: 'No emails sent recently',
          kept: 'The sandbox mailbox is empty',
          dropped: 'No undelivered emails recently',
        })[state],
      noneText: 'Messages are listed until one day after they expire.',
      columns: {
        to: 'To',
        about: 'Type',
        written: 'Created',
        tries: 'Attempts',
        reason: 'Error',
        nextTry: 'Next attempt',
        acts: 'Actions',
      },
      kinds: { code: 'Code', notice: 'Notification' },
      retry: 'Retry now',
      retryTitle: (to: string) => `Retry the email to ${to} now?`,
      retryText:
        'It’s sent to the mail server immediately. An email that’s due within a minute is sent automatically.',
      retried: (to: string) => `Retrying the email to ${to}.`,
    },
    factors: {
      title: 'Two-factor authentication',
      lead: 'Require two-factor authentication for all accounts. Set up your own first.',
      none: { title: '', text: '' },
      policy: 'Policy',
      notRequired: 'Not required',
      from: 'Required from',
      accounts: 'Accounts',
      operators: 'Operators',
      have: (count: number, all: number) => `${count} of ${all} use it`,
      grace: 'Grace period (days)',
      graceHint:
        'Until it ends, people without 2FA see a banner with the date. After that, they have to set it up right after signing in.',
      require: 'Require 2FA',
      requireTitle: 'Require 2FA for all accounts?',
      requireText: (days: number) =>
        `${days === 0 ? 'Starting now' : days === 1 ? 'From tomorrow' : `In ${days} days`}, an account without 2FA can only set it up and manage itself: sign-in, profile, password, email address, export, deletion. No account is locked out.`,
      isRequired: '2FA policy saved: required for all accounts.',
      stop: 'Stop requiring 2FA',
      stopTitle: 'Stop requiring 2FA?',
      stopText:
        'Accounts without 2FA no longer have to set it up. Existing second factors stay and are still asked for at sign-in.',
      stopped: '2FA is no longer required.',
    },
    settings: {
      title: 'Settings',
      lead: 'Environment variables in effect for this deployment. To change one, set it where the deployment runs and restart it.',
      none: { title: 'No settings', text: '' },
      columns: { name: 'Variable', value: 'Value', origin: 'Source' },
      redacted: 'Redacted',
      unset: 'Not set',
      origins: {
        environment: 'Environment',
        default: 'Default',
        sandbox: 'Sandbox mode',
      },
    },
    auditLog: {
      title: 'Audit log',
      lead: 'Operator actions, newest first.',
      none: {
        title: 'No operator actions yet',
        text: 'What operators do with accounts, rate limits and emails appears here.',
      },
      columns: { what: 'Action', actor: 'Actor', account: 'Target', at: 'Time' },
      system: 'System',
      gone: (id: string) => `Deleted account (${id})`,
    },
  },
  setup: {
    title: 'Set up this deployment',
    looking: 'Checking the settings…',
    skip: 'Skip this step',
    unskip: 'Undo skip',
    settled: (count: number, all: number) => `${count} of ${all} done or skipped`,
    allSettled: 'All steps done or skipped',
    steps: setupSteps,
    states: setupStates,
    onlyHere: (origin: string) =>
      `Only this machine can reach ${origin}. To let others in, set \`PUBLIC_URL\` to the address they’ll use.`,
    reached: (origin: string) => `Set to ${origin}, which is the address you’re using.`,
    sandboxMail:
      'Emails stay in the sandbox mailbox of this machine. To deliver them, set `SMTP_URL` and `MAIL_FROM`.',
    mailStuck: (reason: string) => `Emails are waiting to be sent. ${reason}`,
    mailLeft: (server: string) => `Emails are sent through ${server}.`,
    noMailYet: (server: string) =>
      `Set to ${server}, but no email has been sent yet. To test it, reset your password and check that the code arrives.`,
    keysInEnvironment:
      'The keyring is in `FLOWCEPT_KEYS`. Without it, the data can’t be decrypted. Keep a copy in a safe place, apart from the backup of the data.',
    keysInFile:
      'The keyring is the file `flowcept.keys` next to the data. A restore needs three files: back up `flowcept.db` together with `flowcept.db.key`, and keep a copy of `flowcept.keys` in a different place.',
    noGoogleHere: 'Google sign-in isn’t available.',
    googleIsSet: 'Google sign-in is configured. To test it, sign in with Google.',
    googleIsNot:
      'To let users sign in with Google, set `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`.',
    oneOperator:
      'If you lose this account, no one can manage the deployment. `node bin/flowcept.js claim` prints a link that creates a second operator.',
    operators: (count: number) => `There are at least ${count} operators.`,
  },
  home: {
    title: 'Home',
    greeting: (name: string) => `Hello, ${name}`,
    signedInAs: (email: string) => `Signed in as ${email}`,
    operator: 'Operator',
    devices: 'Your devices',
    devicesLead: 'Where you’re signed in. Signing out takes effect immediately.',
    devicesLoading: 'Loading your devices…',
    thisDevice: 'This device',
    onlyThis: 'You’re signed in on this device only.',
    unknownDevice: 'Unknown device',
    address: 'IP address',
    first: 'First used',
    signedIn: 'Signed in',
    last: 'Last used',
    methods,
    signOutHere: 'Sign out',
    signOutDevice: 'Sign out device',
    signingOut: 'Signing out…',
    signOutOthers: (count: number) =>
      count === 1 ? 'Sign out of 1 other device' : `Sign out of ${count} other devices`,
    signedOutOne: (device: string) => `${device} was signed out.`,
    signedOutOthers: 'All other devices were signed out.',
    security: 'Security status',
    securityText: 'The security page lists every security claim and the checks that test it.',
    securityOperator: 'As an operator, you can also run the checks there.',
    openSecurity: 'Open the security page',
    runChecks: 'Run the checks',
  },
};

export type Messages = typeof english;

export const messages: Messages = english;
