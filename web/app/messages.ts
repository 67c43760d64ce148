import type { EventKind } from '../../src/api/events.ts';
import { type FlowProblemName, providerNames } from '../../src/api/providers.ts';
import type { SessionItem } from '../../src/api/sessions.ts';
import type { SetupId, SetupState } from './setup/setup.ts';

/**
 * Everything that the app says. A second language is a second value of type `Words`: what it lacks does not compile.
 * What the server refuses comes with the server's own sentence.
 */

interface FlowProblemWords {
  title: (provider: string) => string;
  text: (provider: string) => string;
  /** What the button says, where it is not just another try. */
  again?: (provider: string) => string;
}

const problems: Record<FlowProblemName, FlowProblemWords> = {
  'account-exists': {
    title: () => 'There is an account with this address already',
    text: (name) =>
      `Sign in to it below, by password or with a code by mail. Then connect ${name} on your account page, and sign in with it from then on.`,
    again: (name) => `Use another ${name} account`,
  },
  'cookie-missing': {
    title: () => 'Your browser did not say that you set out from here',
    text: (name) =>
      `Either its cookies are blocked for this site, or ${name} was opened in another browser. Allow cookies here and try again.`,
  },
  'email-unverified': {
    title: (name) => `${name} has not proved your address`,
    text: (name) => `Verify your primary e-mail address at ${name}, then try again.`,
  },
  expired: {
    title: () => 'This attempt expired, or was used already',
    text: () => 'An attempt works once and expires after ten minutes.',
  },
  'joined-elsewhere': {
    title: (name) => `This ${name} account can’t be connected`,
    text: (name) =>
      `It is already connected to another account, or your account has another ${name} account connected. Disconnect that one first.`,
    again: (name) => `Use another ${name} account`,
  },
  'other-person': {
    title: (name) => `That isn’t the ${name} account that is connected here`,
    text: (name) => `To confirm that it’s you, choose the ${name} account that you sign in with.`,
  },
  'other-tab': {
    title: () => 'You started again in another tab',
    text: () => 'Only the latest attempt works. Finish there, or try again here.',
  },
  'provider-failed': {
    title: (name) => `${name} did not answer as it should`,
    text: () => 'This often passes. A password works as ever.',
  },
  refused: {
    title: (name) => `You cancelled at ${name}`,
    text: () => 'Nothing was shared, and nothing was changed.',
  },
  'signed-out': {
    title: () => 'You are no longer signed in',
    text: () => 'Sign in to the account that you started from, and try again there.',
  },
};

const methods: Record<SessionItem['method'], string> = {
  password: 'Signed in with the password',
  passkey: 'Signed in with a passkey',
  'sign-up': 'Signed in by creating the account',
  'operator-claim': "Signed in by the operator's link",
  google: 'Signed in with Google',
  github: 'Signed in with GitHub',
};

const activityKinds: Record<EventKind, string> = {
  session: 'Signing in and out',
  password: 'Password',
  factor: 'Second factors',
  provider: 'Google and GitHub',
  account: 'The account itself',
  operator: 'By operators',
};

const setupSteps: Record<SetupId, string> = {
  url: 'An address that others can reach',
  mail: 'Mail that is delivered',
  keys: 'A copy of the keys',
  google: 'Sign-in by Google',
  operator: 'A second operator',
};

const setupStates: Record<SetupState | 'skipped', string> = {
  done: 'Done',
  open: 'To do',
  unseen: 'Cannot be seen from here',
  skipped: 'Skipped',
};

/** "42 s", "3 min", "2 h": rounded up, so that nobody comes too early. */
function span(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function eachProvider(sentence: (name: string) => string) {
  return { google: sentence(providerNames.google), github: sentence(providerNames.github) };
}

function triesLeft(left: number): string {
  return `${left === 1 ? '1 try' : `${left} tries`} left.`;
}

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
  offline: 'You are offline. What you see may be old; what you send will not arrive.',
  reference: 'Reference',
  tryAgain: 'Try again',
  newTab: 'opens in a new tab',
  copied: 'Copied',
  notCopied: 'Not copied: mark the text and copy it yourself.',
  wait: (seconds: number) => `You can try again in ${span(seconds)}.`,
  waited: 'You can try again now.',
  unreachable: {
    network: 'Flowcept did not answer. Look at your connection and try again.',
    unreadable: (status: number) =>
      `Something in between answered instead of Flowcept (status ${status}). Try again in a moment.`,
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
    newPassword: 'New password',
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
    wrong: (left: number) => `That is not the code. ${triesLeft(left)}`,
    left: triesLeft,
    submit: 'Confirm',
    busy: 'Checking…',
    resend: 'Send a new code',
    resendIn: (seconds: number) => `Send a new code in ${span(seconds)}`,
    resending: 'Sending…',
    resent: 'A new code is on its way. The old one no longer works.',
    changeAddress: 'Change the address',
    sandbox: 'Open the sandbox mailbox',
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
    forgot: 'Forgot your password?',
    notices: {
      'signed-out': 'You are signed out on this device.',
      closing:
        'Your account is being closed. For fourteen days you can open it again by signing in.',
      'factor-over':
        'That second step is over: it has expired, or there were too many wrong tries. Sign in again and you get a new one.',
    },
    again: 'Sign in to go on to where you were going.',
    noOperatorTitle: 'This deployment has no operator yet',
    noOperator: 'In its folder, run',
  },
  secondFactor: {
    title: 'One more step',
    other: 'Sign in to another account',
    lost: 'Lost your device?',
    lostWays: [
      'Use one of the recovery codes that you kept: each signs you in once. Then remove what is lost under Account.',
      'A factor that was added in the last seven days can be undone by the link in the mail about it.',
    ],
    noneLeft: 'I can’t use any of these',
    noneTitle: 'No sign-in waits for a second step in this tab',
    none: 'Sign in, and the second step is asked for here.',
  },
  addFactor: {
    title: 'Add a second factor to go on',
    lead: 'Every account here needs one, and yours has none yet. It takes a minute: then you go on where you were going.',
    meanwhile: 'Until then you can do nothing else here but look after',
    account: 'your own account',
    soonTitle: 'Your account needs a second factor soon',
    soon: 'Every account here does. You go on without one until',
  },
  lostFactors: {
    title: 'Lost all your second factors?',
    lead: 'You can recover your account without them, but it takes 72 hours, so that an attacker who has only your password can be stopped.',
    steps: [
      'You start the recovery now. It takes 72 hours, and nothing makes it shorter.',
      'You are told at once, by email and on every device that is signed in. If it wasn’t you, stop it there, or by signing in with any factor.',
      'After 72 hours, sign in as usual. That removes every second factor and recovery code and signs out every other device. Then add new ones.',
    ],
    submit: 'Start the 72-hour recovery',
    back: 'Back: I have one of them',
    waitingTitle: 'Recovery started',
    opens: 'Sign in again any time from',
    until: [
      'You have four days from then. After that, start again.',
      'A new password stops the recovery, and so does any of your second factors: if you find one, just sign in with it.',
      'An email about this is on its way to you. Don’t use its link if this was you: it stops the recovery.',
    ],
    done: 'Back to the sign-in',
    bannerTitle: 'Someone says that your second factors are lost',
    banner:
      'They signed in with the first step alone and started the 72-hour recovery. Unless it is stopped, the next sign-in removes all second factors and needs none, from',
    bannerWay:
      'If it wasn’t you, someone else has your password, or access to your Google or GitHub account. Stop the recovery, and change your password.',
    stop: 'Stop the recovery',
    stoppedTitle: 'A recovery of your second factors was stopped',
    stopped:
      'Someone signed in with the first step alone and started the 72-hour recovery. Your second factors have not been removed. It was stopped:',
    stoppedAdvice:
      'If it wasn’t you, someone else has your password, or access to your Google or GitHub account. Change your password now, and secure that account.',
    changePassword: 'Change your password',
    dismiss: 'It was me, or I’ve secured my account',
    removedTitle: 'Your second factors were removed',
    removed:
      'The 72-hour recovery is complete. Until you add a new one, your password alone signs you in.',
    addAgain: 'Add a second factor',
  },
  proof: {
    how: {
      password: 'Type the password of this account.',
      totp: 'Type the code that your authenticator app shows now.',
      passkey:
        'Your device asks for your fingerprint, face or PIN, or you touch your security key.',
      'recovery-code': 'Type one of the recovery codes that you kept. It is used up by it.',
      ...eachProvider(
        (name) =>
          `Choose at ${name} the account that you sign in with. It opens in a new tab, and leads back there.`,
      ),
    },
    instead: {
      password: 'Use the password instead',
      totp: 'Use the authenticator app instead',
      passkey: 'Use a passkey instead',
      'recovery-code': 'Use a recovery code instead',
      ...eachProvider((name) => `Use ${name} instead`),
    },
    at: (name: string) => `Continue with ${name}`,
    code: 'Code',
    recoveryCode: 'Recovery code',
    recoveryHint: '24 letters and digits; with or without the dashes.',
  },
  factors: {
    title: 'Second factors',
    lead: 'Asked for after the password, so that the password alone opens nothing.',
    types: { totp: 'Authenticator app', passkey: 'Passkey' },
    addedAt: 'Added',
    usedAt: 'Last used',
    notUsed: 'Not yet',
    addPasskey: 'Add a passkey',
    addApp: 'Add an authenticator app',
    noPasskeys: 'This browser cannot make passkeys.',
    added: (name: string) => `${name} is added. It is asked for from now on.`,
    remove: 'Remove',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeOne: 'It is not asked for any more. Your other factors and your recovery codes stay.',
    removeLast:
      'This is the last one: your recovery codes go with it, and the password alone signs you in again.',
    removed: (name: string) => `${name} is removed.`,
    secondStepOnly:
      'Second step only: when this passkey was added, your device didn’t check your PIN, fingerprint or face, or that wasn’t recorded. To also sign in with it alone, sign in once with your password and then this passkey, or remove it and add it again.',
    codesLeft: (left: number) => `${left} of 10 recovery codes left.`,
    renew: 'Make new recovery codes',
    renewed: 'You have new recovery codes. The ones before are void.',
    scan: 'Scan this with your authenticator app.',
    qr: 'QR code with the key for your authenticator app; the same key stands below as text',
    openApp: 'Open it in an app on this device',
    typeSecret: 'Or type this key there:',
    copySecret: 'Copy the key',
    thenCode: 'Then enter the 6-digit code that the app shows, to finish setup.',
    endOthers: 'Sign out of all other devices',
    endOthersHint: 'They signed in without a second factor.',
    aboutPasskeys:
      'Your device keeps it and asks for your fingerprint, face or PIN. If it checks that, it also signs you in by itself.',
    nameHint: 'So that you can tell it from others later.',
    passkeyName: (number: number) => (number === 1 ? 'Passkey' : `Passkey ${number}`),
    makePasskey: 'Make the passkey',
    codesTitle: 'Your recovery codes',
    codesLead:
      'Each signs you in once when your device is lost. They are shown this once: keep them where that device is not.',
    copy: 'Copy',
    download: 'Download',
    print: 'Print',
    kept: 'I have kept them',
    goOn: 'Go on',
    file: (host: string) => `flowcept-recovery-codes-${host}.txt`,
  },
  act: { busy: 'Working…', cancel: 'Cancel' },
  freshProof: {
    title: 'Confirm it’s you',
    lead: 'What you’re about to do affects the security of this account. You won’t be asked again for ten minutes.',
    none: 'This account has no password and no second factor to confirm it with. Sign out and sign in again instead.',
    givenUp: 'Cancelled. No changes were made.',
  },
  proved: {
    title: 'Identity confirmed',
    text: 'Continue in the tab that you came from. You can close this one.',
  },
  passkey: {
    use: 'Use a passkey',
    signIn: 'Sign in with a passkey',
    waiting: 'Waiting for your device…',
    notDone:
      'No passkey was used: it was cancelled, took too long, or this device has none for this account.',
    hasOne: 'This device holds a passkey of this account already.',
    wrongPlace:
      'Passkeys do not work at this address. Open Flowcept at the address that its operator gave you.',
    failed: 'The passkey could not be used. Try again, or use another way.',
  },
  providers: {
    label: 'Other ways',
    or: 'or',
    goOn: (name: string) => `Continue with ${name}`,
    title: 'Google and GitHub',
    lead: 'Connected accounts can sign in to this account. You get an email when one is connected or disconnected.',
    as: 'Account',
    since: 'Connected',
    join: (name: string) => `Connect ${name}`,
    drop: (name: string) => `Disconnect ${name}`,
    dropping: 'Disconnecting…',
    dropped: (name: string) => `${name} is disconnected. All other sessions have ended.`,
    titles: {
      'sign-in': () => 'Sign in',
      join: (name: string) => `Connect ${name}`,
      confirm: () => 'Confirm it’s you',
    },
    back: 'Back to your account',
    problems,
  },
  recovery: {
    title: 'Set a new password',
    lead: 'A code goes to your mailbox. With it you set a new password, whatever the old one was.',
    send: 'Send the code',
    sending: 'Sending…',
    known: 'You know it after all?',
    sentTo: (address: string) =>
      `We wrote to ${address}. If it has an account, the mail holds a six-digit code.`,
    ends: 'With the new password every session of the account ends, on all devices.',
    submit: 'Set the password',
    busy: 'Setting…',
    otherAddress: 'Use another address',
    over: 'It has expired, or there were too many wrong tries. Have a new one sent; what you typed as a password stays here.',
    again: 'A new code is on its way.',
    doneTitle: 'Your password is set',
    done: 'Every session has ended. Sign in with the new password.',
  },
  undo: {
    title: 'Secure your account',
    lead: 'Something changed on your account and it wasn’t you? The button below signs everyone out and undoes the change.',
    does: 'What happens when you press it:',
    everyProvider:
      'Also disconnect Google and GitHub accounts that were connected earlier, in case someone else has access to them',
    leavesTitle: 'What stays as it is',
    toOthersTitle: 'Your account did this to others',
    toOthers: 'These changes were not reversed. Sign in and review them.',
    wasMe: 'Was it you? Then close this page. Nothing happens until you press the button.',
    submit: 'This wasn’t me: secure my account',
    busy: 'Securing…',
    doneTitle: 'Your account is secured',
    done: 'Everyone is signed out, the password is invalid, and every email address of the account has been notified. Set a new password to sign in.',
    takenTitle: 'Your account is secured, but another account has its email address',
    taken:
      'Everyone is signed out, the password is invalid, and every email address of the account has been notified. Keep the email with the link you just used: you’ll need it again.',
    nextTitle: 'What to do next',
    recoverOther: 'Set a new password for the other account',
    goOn: 'Set a new password',
    overTitle: 'This link was used, or it has expired',
    over: 'A link works for seven days, and using one makes all others stop working. If something is still wrong, set a new password: that also ends every session.',
    noTokenTitle: 'Open this page with the link in the email',
    noToken:
      'The link says which account it is for. Without it, set a new password: that also ends every session.',
  },
  account: {
    title: 'Your account',
    profile: 'Profile',
    save: 'Save the name',
    saving: 'Saving…',
    saved: 'Your name is saved.',
    password: 'Password',
    passwordLead: 'Changing it ends all other sessions. This device stays signed in.',
    current: 'Current password',
    change: 'Change the password',
    changing: 'Changing…',
    changed: 'Your password is changed. All other sessions have ended.',
    forgot: 'Forgot the current one?',
    forgotWay: 'Set a new one by mail',
    noPassword:
      'This account has none: you sign in with Google or GitHub. A code by mail sets one.',
    security: 'Account security',
    nothingToDo: 'Nothing to do',
    nothingWhy:
      'A second factor is asked for, and every device that is signed in was used in the last 3 days.',
    looking: 'Looking at your devices…',
    noFactor:
      'Whoever learns your password gets in. A passkey stops that: it stays on your device, and cannot be guessed or phished.',
    fewCodes: (left: number) =>
      `${left === 0 ? 'No recovery code is' : left === 1 ? '1 recovery code is' : `${left} recovery codes are`} left. Without one, a lost device locks you out.`,
    unused: (devices: string, count: number) =>
      `${devices} ${count === 1 ? 'is' : 'are'} signed in and ${count === 1 ? 'was' : 'were'} not used for 3 days or more. What you no longer use, nobody else should.`,
    unusedDevices: (count: number) => `${count} devices`,
    review: 'Review your devices',
    seeDevices: 'Your devices',
    seeActivity: 'Your activity',
  },
  move: {
    title: 'E-mail address',
    lead: 'A code goes to the new address, and proves that it is yours. The old one is told, and can undo the change for seven days.',
    send: 'Send the code',
    sending: 'Sending…',
    keep: 'Keep the address as it is',
    done: (address: string) => `Your address is ${address} now.`,
    over: 'That code is used up. Your address is as it was: ask for a new code to try again.',
  },
  leaving: {
    title: 'Your data, and leaving',
    lead: 'Take along everything that is held on you, or close the account.',
    download: 'Download your data',
    open: 'Close the account',
    closeTitle: 'Close this account?',
    closeText:
      'Every device is signed out now. In fourteen days your account is erased: name, address, password, second factors, sessions and mail. Until then, sign in to open it again.',
    close: 'Close my account',
  },
  reopen: {
    title: 'This account is being closed',
    text: 'Everything about it is erased',
    submit: 'Open it again',
    busy: 'Opening…',
    doneTitle: 'Your account is open again',
    done: 'Everything is as it was. Sign in to go on.',
    noTokenTitle: 'Sign in once more',
    noToken: 'The way back is good once, for ten minutes. Sign in, and it is offered again.',
  },
  activity: {
    title: 'Your activity',
    lead: 'What happened to your account, newest first.',
    list: 'Events',
    loading: 'Looking up your activity…',
    more: 'Load more',
    loadingMore: 'Loading…',
    filters: 'Which events',
    kind: 'What',
    anyKind: 'Everything',
    kinds: activityKinds,
    span: 'When',
    anySpan: 'At any time',
    lastDays: (days: number) => (days === 1 ? 'In the last 24 hours' : `In the last ${days} days`),
    noneFound: 'Nothing like that happened',
    lookedFor: (filters: string) => `Looked for: ${filters}.`,
    clear: 'Clear the filters',
    noneTitle: 'Nothing has happened yet',
    none: 'Sign-ins, changes of the password and everything else that touches the security of your account will stand here.',
    notMe: 'This wasn’t me',
    notMeLead: 'Something here was not you? Two steps shut everybody else out:',
    notMeSignOut: 'Sign out all other devices. They are out at their next request.',
    notMePassword: 'Change your password, so that whoever knows it cannot come back.',
  },
  operator: {
    title: "Become this deployment's operator",
    lead: 'This link came from the terminal of this deployment. It makes one account that may run its checks and look after it.',
    origin: 'Deployment',
    submit: 'Create operator account',
    busy: 'Creating…',
    overTitle: 'This link was used, or it has expired',
    noTokenTitle: "Open this page by the operator's link",
    noToken:
      'The link carries a token that is good once, for 30 minutes. To print a new one, run this where the deployment runs:',
    command: 'node bin/flowcept.js claim',
  },
  operators: {
    title: 'Operators',
    lead: 'What runs here, and who. What you do here is recorded, and whom it concerns is told.',
    nav: 'Parts',
    more: 'Load more',
    accounts: {
      title: 'Accounts',
      lead: 'Everybody who has an account here.',
      search: 'Address or name starts with',
      find: 'Search',
      none: {
        title: 'There are no accounts yet',
        text: 'Whoever signs up and proves an address stands here.',
      },
      notFound: (search: string) => ({
        title: `No address and no name starts with “${search}”`,
        text: 'The search looks at the beginning of the whole address and of the whole name.',
      }),
      columns: {
        account: 'Account',
        since: 'Since',
        lastUsed: 'Last used',
        sessions: 'Sessions',
        acts: 'What you can do',
      },
      notSignedIn: 'Not signed in',
      operator: 'Operator',
      you: 'You',
      grant: 'Make operator',
      grantTitle: (email: string) => `Make ${email} an operator?`,
      grantText:
        'The account may then do all that you can do here, this included. Its sessions end, and its owner is told by mail.',
      granted: (email: string) => `${email} is an operator.`,
      withdraw: 'Take operator back',
      withdrawTitle: (email: string) => `Take back operator from ${email}?`,
      withdrawText: (own: boolean) =>
        own
          ? 'This is you: you lose this page at once, and only another operator can give it back.'
          : 'The account loses this page at once, and keeps all else. Its owner is told by mail.',
      withdrawn: (email: string) => `${email} is no operator any more.`,
      signOut: 'Sign out everywhere',
      signOutTitle: (email: string) => `Sign out ${email} everywhere?`,
      signOutText: (sessions: number, own: boolean) =>
        `${sessions === 1 ? 'Its 1 session ends' : `All ${sessions} sessions end`} at the next request${own ? ', yours here among them' : ''}. The password stays as it is. The owner is told by mail.`,
      signedOut: (email: string) => `${email} is signed out everywhere.`,
    },
    limits: {
      title: 'Limits',
      lead: 'Who tried something too often and has to wait now. Each opens by itself.',
      none: {
        title: 'Nobody has to wait',
        text: 'When somebody tries something too often, it stands here until the limit opens again.',
      },
      columns: {
        who: 'Who',
        by: 'Counted by',
        limit: 'Limit',
        until: 'Opens',
        acts: 'What you can do',
      },
      kinds: { network: 'Network', address: 'E-mail address', account: 'Account' },
      lift: 'Lift',
      liftTitle: (about: string, who: string) => `Lift “${about}” for ${who}?`,
      liftText:
        'It opens at once, and counts from nothing again. Whoever guesses there may go on guessing.',
      lifted: (about: string, who: string) => `“${about}” is lifted for ${who}.`,
    },
    mail: {
      title: 'Mail',
      lead: 'How mail went. What it says is not shown to anybody.',
      stateNav: 'State',
      states: {
        queued: 'Waiting',
        sent: 'Sent',
        kept: 'In the sandbox mailbox',
        dropped: 'Dropped',
      },
      none: (state: 'queued' | 'sent' | 'kept' | 'dropped') =>
        ({
          queued: 'No mail is waiting',
          sent: 'No mail was sent lately',
          kept: 'The sandbox mailbox is empty',
          dropped: 'No mail was dropped lately',
        })[state],
      noneText: 'Mails stand here until a day after they would be of no use any more.',
      columns: {
        to: 'To',
        about: 'About',
        written: 'Written',
        tries: 'Tries',
        reason: 'What went wrong',
        nextTry: 'Next try',
        acts: 'What you can do',
      },
      kinds: { code: 'A code', notice: 'A notice' },
      retry: 'Try again now',
      retryTitle: (to: string) => `Try the mail to ${to} again now?`,
      retryText:
        'It goes to the mail server at once. One that is due within a minute goes by itself.',
      retried: (to: string) => `The mail to ${to} is being tried.`,
    },
    factors: {
      title: 'Second factors',
      lead: 'With a second factor a password alone opens nothing. You can want one of every account; you go first.',
      none: { title: '', text: '' },
      required: 'Of every account',
      notRequired: 'Not required',
      from: 'Required from',
      accounts: 'Accounts',
      operators: 'Operators',
      have: (count: number, all: number) => `${count} of ${all} have one`,
      grace: 'Days of grace',
      graceHint:
        'Until then people see a banner with the day. Then whoever has none is led through adding one right after signing in.',
      require: 'Require it',
      requireTitle: 'Require a second factor of every account?',
      requireText: (days: number) =>
        `${days === 0 ? 'At once' : days === 1 ? 'From tomorrow on' : `In ${days} days`} an account without one can only add one and manage itself: sign in, profile, password, email address, export, deletion. No account is locked out.`,
      isRequired: 'Every account needs a second factor.',
      lift: 'Lift the rule',
      liftTitle: 'Lift the rule?',
      liftText:
        'Nobody has to add a second factor any more. Those that there are stay, and are asked for as before.',
      lifted: 'The rule is lifted.',
    },
    settings: {
      title: 'Settings',
      lead: 'Environment variables of this deployment, as they are in force. To change one, set it where the deployment runs and start it again.',
      none: { title: 'There are no settings', text: '' },
      columns: { name: 'Variable', value: 'Value', origin: 'From' },
      redacted: 'Not all is shown',
      unset: 'Not set',
      origins: {
        environment: 'The environment',
        default: 'The default',
        sandbox: 'Sandbox mode',
      },
    },
    record: {
      title: 'Record',
      lead: 'What operators did, newest first.',
      none: {
        title: 'Nothing was done yet',
        text: 'What an operator does to an account, a limit or a mail stands here.',
      },
      columns: { what: 'What', actor: 'Who', account: 'To whom', at: 'When' },
      nobody: 'Nobody who was signed in',
      gone: (id: string) => `An account that is gone (${id})`,
    },
  },
  setup: {
    title: 'Set up this deployment',
    looking: 'Looking at the settings…',
    skip: 'Skip this',
    unskip: 'Take it up again',
    settled: (count: number, all: number) => `${count} of ${all} done or skipped`,
    allSettled: 'Everything is done or skipped',
    steps: setupSteps,
    states: setupStates,
    onlyHere: (origin: string) =>
      `Only this machine reaches ${origin}. Before others can, set \`PUBLIC_URL\` to the address that they will type.`,
    reached: (origin: string) => `It is set to ${origin}, and that is where you are.`,
    sandboxMail:
      'Mail stays in the sandbox mailbox of this machine. Set `SMTP_URL` and `MAIL_FROM`, and it is delivered.',
    mailStuck: (reason: string) => `Mail waits, because: ${reason}`,
    mailLeft: (server: string) => `Mail has left by ${server}.`,
    noMailYet: (server: string) =>
      `It is set to ${server}, but none has left yet. Ask for a new password, and see whether the code arrives.`,
    keysInEnvironment:
      'The keyring is in `FLOWCEPT_KEYS`. Without it the data is lost. Nobody but you can see whether there is a copy in a safe place.',
    keysInFile:
      'The keyring is the file `flowcept.keys` beside the data. Without it the data is lost. Nobody but you can see whether both have a copy elsewhere.',
    noGoogleHere:
      'This version cannot sign anybody in by Google yet, so there is nothing to look at.',
    googleIsSet:
      'Google’s client is set. Whether Google takes it shows when somebody signs in by it.',
    googleIsNot: 'For the real Google, set `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`.',
    oneOperator:
      'If this account is lost, nobody looks after the deployment. `node bin/flowcept.js claim` prints a link for a second one.',
    operators: (count: number) => `There are ${count} or more.`,
  },
  home: {
    title: 'Home',
    greeting: (name: string) => `Hello, ${name}`,
    signedInAs: (email: string) => `Signed in as ${email}`,
    operator: 'Operator',
    devices: 'Your devices',
    devicesLead:
      'Everywhere that this account is signed in. What you sign out here is out at its next request.',
    devicesLoading: 'Looking up your devices…',
    thisDevice: 'This device',
    onlyThis: 'You are signed in on this device only.',
    unknownDevice: 'Unknown device',
    address: 'Address',
    first: 'First used',
    signedIn: 'Signed in',
    last: 'Last used',
    methods,
    signOutHere: 'Sign out',
    signOutDevice: 'Sign out this device',
    signingOut: 'Signing out…',
    signOutOthers: (count: number) =>
      count === 1 ? 'Sign out 1 other device' : `Sign out ${count} other devices`,
    signedOutOne: (device: string) => `${device} is signed out.`,
    signedOutOthers: 'All other devices are signed out.',
    security: 'What holds today',
    securityText: 'The security page shows every promise with the checks that tried to break it.',
    securityOperator: 'As an operator you can also have the checks run now.',
    openSecurity: 'Open the security page',
    runChecks: 'Run the checks',
  },
};

export type Messages = typeof english;

export const messages: Messages = english;
