import { undoPromise, undoSince, undoTaken, undoTakenSteps } from '../api/undo.ts';
import type { Undone } from '../store/port/undos.ts';
import { layOut, type Message } from './layout.ts';

/** All emails that the server sends. */

export function verifyEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${code} is your code`,
    paragraphs: [
      `Somebody, we hope you, is making an account at ${origin} with this address. To prove that it is yours, type this code there:`,
    ],
    code,
    closing:
      'It works for ten minutes. If it was not you, do nothing: without the code there is no account.',
  });
}

export function alreadyHasAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'You have an account already',
    paragraphs: [
      `Somebody, perhaps you, tried to make an account at ${origin} with this address. It has one already, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: 'If it was not you, there is nothing to do.',
  });
}

export function changeEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${code} is your code for a new address`,
    paragraphs: [
      `Somebody, we hope you, wants to use this address for their account at ${origin}. To prove that it is yours, type this code there:`,
    ],
    code,
    closing:
      'It works for ten minutes. If it was not you, do nothing: nothing changes without the code.',
  });
}

export function addressInUse({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'This address has an account already',
    paragraphs: [
      `Somebody, perhaps you, wanted to move their account at ${origin} to this address. It has an account already, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: 'If it was not you, there is nothing to do.',
  });
}

export function emailChanged({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'The address of your account was changed',
    paragraphs: [
      `Your account at ${origin} has another e-mail address now. This one is not its address any more.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function accountClosing({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'Your account is being closed',
    paragraphs: [
      `Your account at ${origin} is being closed, and every session has ended. In fourteen days everything about you is erased. Until then, sign in to open it again.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function recover({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${code} is your code to set a new password`,
    paragraphs: [
      `Somebody, we hope you, wants a new password for your account at ${origin}. To set one, type this code there:`,
    ],
    code,
    closing:
      'It works for ten minutes. If it was not you, do nothing: your password stays as it is.',
  });
}

export function hasNoAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'There is no account with this address',
    paragraphs: [
      `Somebody, perhaps you, wanted a new password at ${origin} with this address. No account has it.`,
    ],
    link: { href: `${origin}/sign-up`, label: 'Make an account' },
    closing: 'If it was not you, there is nothing to do.',
  });
}

interface Happened {
  at: Date;
  /** Browser and operating system from a fixed list of names, never text that a user typed. */
  device: string;
}

interface NoticeLinks {
  origin: string;
  undo: string;
}

const wasNotMe = 'This wasn’t me';
const whatTheLinkDoes = `The link works for seven days. ${undoSince} ${Object.values(undoPromise).join(' ')}`;
const ifItWasYou = `If it was you, there is nothing to do. ${whatTheLinkDoes}`;

export function newDevice({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'A new device signed in to your account',
    paragraphs: [
      `Somebody signed in to your account at ${origin} with a browser that was not seen before.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

/**
 * The browser presented a device mark from before its last sign-in. Either an attacker made that sign-in, or this one.
 */
export function outdatedDevice({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'An outdated copy of one of your devices signed in',
    paragraphs: [
      `A browser signed in to your account at ${origin} with a device mark that a later sign-in had already replaced.`,
      'That happens when a browser is restored from a backup or a sign-in is interrupted. It also happens when the cookies of your browser were copied: then one of your latest two sign-ins was somebody else’s.',
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function passwordChanged({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of your account at ${origin} was changed. Every other session has ended.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

/** A new password does not stop sign-ins by a provider, so it names those that are connected. */
export const passwordRecovered =
  (connected: readonly string[]) =>
  ({ at, device }: Happened, { origin, undo }: NoticeLinks): Message =>
    layOut({
      subject: 'Your password was set again',
      paragraphs: [
        `A new password was set for your account at ${origin}, with a code from this mailbox. Every session has ended.`,
        ...connected.map(
          (provider) =>
            `${provider} is still connected and can sign in to your account. If that ${provider} account isn’t yours, disconnect it on your account page.`,
        ),
        whenAndWhere({ at, device }),
      ],
      link: { href: undo, label: wasNotMe },
      closing: ifItWasYou,
    });

export function factorAdded({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'A second factor was added to your account',
    paragraphs: [
      `Signing in to your account at ${origin} asks for a second factor that was added now.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function factorRemoved({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'A second factor was removed from your account',
    paragraphs: [
      `A second factor of your account at ${origin} was removed, and is not asked for any more.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function recoveryCodesRenewed(
  { at, device }: Happened,
  { origin, undo }: NoticeLinks,
): Message {
  return layOut({
    subject: 'Your account has new recovery codes',
    paragraphs: [
      `New recovery codes were made for your account at ${origin}. The ones before work no longer.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export function recoveryCodeUsed({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'A recovery code of your account was used',
    paragraphs: [
      `Somebody signed in to your account at ${origin} with one of its recovery codes. It works no longer.`,
      whenAndWhere({ at, device }),
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export const factorsToGo =
  (opensAt: Date) =>
  ({ at, device }: Happened, { origin, undo }: NoticeLinks): Message =>
    layOut({
      subject: 'Someone says that your second factors are lost',
      paragraphs: [
        `Someone signed in to your account at ${origin} with the first step alone, and started the 72-hour recovery for lost second factors. From ${dateInWords(opensAt)} UTC, the next sign-in removes them all and needs none.`,
        whenAndWhere({ at, device }),
        'If it was you, wait, and sign in then. If it wasn’t, someone else has your password, or access to your Google or GitHub account: stop it with this link, or by signing in with any of your factors.',
      ],
      link: { href: undo, label: wasNotMe },
      closing: whatTheLinkDoes,
    });

/**
 * The person who started the recovery knows the first proof. The owner may have stopped it by signing in, without being
 * aware of it.
 */
export function factorRecoveryStopped(
  { at, device }: Happened,
  { origin, undo }: NoticeLinks,
): Message {
  return layOut({
    subject: 'A recovery of your second factors was stopped',
    paragraphs: [
      `Someone started a recovery that would have removed every second factor of your account at ${origin}. One of your factors was used or added, or the recovery was cancelled in the app, so it was stopped. Your second factors have not been removed.`,
      whenAndWhere({ at, device }),
      'If you didn’t start the recovery, someone else has your password, or access to your Google or GitHub account. Change your password now, and secure that account. If you don’t recognise the device above either, use this link:',
    ],
    link: { href: undo, label: wasNotMe },
    closing: `If you started the recovery yourself, there is nothing to do. ${whatTheLinkDoes}`,
  });
}

export function factorsRecovered({ at, device }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'Your second factors were removed',
    paragraphs: [
      `The wait for lost second factors is over: somebody signed in to your account at ${origin}, and every second factor and recovery code was removed. Every other session has ended.`,
      whenAndWhere({ at, device }),
      'If it was you, add a second factor again.',
    ],
    link: { href: undo, label: wasNotMe },
    closing: ifItWasYou,
  });
}

export const providerConnected =
  (provider: string) =>
  ({ at, device }: Happened, { origin, undo }: NoticeLinks): Message =>
    layOut({
      subject: `${provider} was connected to your account`,
      paragraphs: [
        `${provider} was connected to your account at ${origin}. That ${provider} account can now sign in to it.`,
        whenAndWhere({ at, device }),
      ],
      link: { href: undo, label: wasNotMe },
      closing: ifItWasYou,
    });

export const providerDisconnected =
  (provider: string) =>
  ({ at, device }: Happened, { origin, undo }: NoticeLinks): Message =>
    layOut({
      subject: `${provider} was disconnected from your account`,
      paragraphs: [
        `${provider} was disconnected from your account at ${origin} and can no longer sign in to it. Every other session has ended.`,
        whenAndWhere({ at, device }),
      ],
      link: { href: undo, label: wasNotMe },
      closing: ifItWasYou,
    });

export function lockedByGuesses({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'Somebody is guessing your password',
    paragraphs: [
      `Somebody tried ten wrong passwords for your account at ${origin}. For a while no new device can sign in with a password; the devices that you used before can.`,
    ],
    link: { href: `${origin}/recovery`, label: 'Get in at once with a code by mail' },
    closing: 'Nobody got in. If your password is used elsewhere too, set a new one.',
  });
}

export function factorLockedByGuesses({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'Too many wrong second factors for your account',
    paragraphs: [
      `Too many wrong second factors were entered for your account at ${origin}. For up to 15 minutes it accepts none, not even a correct one.`,
      'To get that far takes your password, access to your Google or GitHub account, or one of your signed-in devices.',
    ],
    link: { href: `${origin}/recovery`, label: 'Set a new password' },
    closing:
      'If it was you, wait and try again. If not, set a new password now: that signs out every device. Secure your Google or GitHub account too, if it is connected here.',
  });
}

const ifYouDidNotExpectIt = `If you do not know why, ask whoever runs this deployment. ${whatTheLinkDoes}`;

export function operatorGranted({ at }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'You were made an operator',
    paragraphs: [
      `An operator of ${origin} made your account one, too. It may see all accounts, limits and settings, and end anybody’s sessions. Yours have ended: sign in again.`,
      when({ at }),
    ],
    link: { href: undo, label: 'Secure my account' },
    closing: ifYouDidNotExpectIt,
  });
}

export function operatorWithdrawn({ at }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'You are no operator any more',
    paragraphs: [
      `An operator of ${origin} took back what your account could do as an operator. All else is as before.`,
      when({ at }),
    ],
    link: { href: undo, label: 'Secure my account' },
    closing: ifYouDidNotExpectIt,
  });
}

export function signedOutByOperator({ at }: Happened, { origin, undo }: NoticeLinks): Message {
  return layOut({
    subject: 'You were signed out everywhere',
    paragraphs: [
      `An operator of ${origin} ended every session of your account. Your password is as it was: you can sign in again.`,
      when({ at }),
    ],
    link: { href: undo, label: 'Secure my account' },
    closing: ifYouDidNotExpectIt,
  });
}

/**
 * Sent to every address that received a link for the account. It contains no link itself, because an undo cannot be
 * undone.
 */
export function undoUsed(
  { at, device }: Happened,
  { origin, address }: { origin: string; address: Undone['address'] | 'elsewhere' },
): Message {
  const used = `A “This wasn’t me” link of an account at ${origin} was used.`;
  const what = { subject: 'A link that says “This wasn’t me” was used' };
  if (address === 'elsewhere') {
    return layOut({
      ...what,
      paragraphs: [
        used,
        whenAndWhere({ at, device }),
        'This address is not the address of that account. Links and codes that were sent here for it don’t work any longer.',
      ],
      closing: 'There is nothing to do.',
    });
  }
  if (address === 'taken') {
    return layOut({
      ...what,
      paragraphs: [
        `${used} ${undoSince}`,
        whenAndWhere({ at, device }),
        `One thing is left. ${undoTaken}`,
        ...undoTakenSteps,
      ],
      link: { href: `${origin}/recovery`, label: 'Set a new password for the other account' },
      closing: 'Links that were sent to other addresses have stopped working.',
    });
  }
  return layOut({
    ...what,
    paragraphs: [
      `${used} The account has this address. ${undoSince}`,
      whenAndWhere({ at, device }),
      ...Object.values(undoPromise),
    ],
    link: { href: `${origin}/recovery`, label: 'Set a new password' },
    closing: 'All earlier links have stopped working.',
  });
}

function when({ at }: Pick<Happened, 'at'>): string {
  return `It was on ${dateInWords(at)} UTC.`;
}

function whenAndWhere({ at, device }: Happened): string {
  return `It was on ${dateInWords(at)} UTC, with ${device}.`;
}

function dateInWords(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' at ');
}
