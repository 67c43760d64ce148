import { deletionDays } from '../api/durations.ts';
import { undoSince, undoPromise, undoTaken, undoTakenSteps } from '../api/undo.ts';
import type { Undone } from '../store/port/undos.ts';
import { layOut, productName, type Message } from './layout.ts';
import {
  accountNotice,
  when,
  whenAndWhere,
  type Happened,
  type NoticeLinks,
} from './notice-parts.ts';

/** Sign-ins, and changes to an account by its user. */

export function newDevice(happened: Happened, links: NoticeLinks): Message {
  return accountNotice(happened, links, {
    title: 'A new device signed in to your account',
    paragraphs: [
      `A browser that you haven’t used before signed in to your account at ${links.origin}.`,
    ],
  });
}

/**
 * The browser presented a device mark from before its last sign-in. Either an attacker made that sign-in, or this one.
 */
export function outdatedDevice(happened: Happened, links: NoticeLinks): Message {
  return accountNotice(happened, links, {
    title: 'An outdated copy of one of your devices signed in',
    paragraphs: [
      `A browser signed in to your account at ${links.origin} with a device mark that a later sign-in had already replaced.`,
      'This happens when a browser is restored from a backup or a sign-in is interrupted. It also happens when someone copied your browser’s cookies: then one of your latest two sign-ins wasn’t yours.',
    ],
  });
}

export function emailChanged(happened: Happened, links: NoticeLinks): Message {
  return accountNotice(happened, links, {
    title: 'The email address of your account was changed',
    paragraphs: [
      `Your account at ${links.origin} has a new email address. This address no longer belongs to it.`,
    ],
  });
}

export function accountClosing(happened: Happened, links: NoticeLinks): Message {
  return accountNotice(happened, links, {
    title: 'Your account is scheduled for deletion',
    paragraphs: [
      `Your account at ${links.origin} will be deleted in ${deletionDays} days, with all your data. Every session was signed out. To restore the account, sign in before then.`,
    ],
  });
}

export function passwordChanged(happened: Happened, links: NoticeLinks): Message {
  return accountNotice(happened, links, {
    title: 'Your password was changed',
    paragraphs: [
      `The password of your account at ${links.origin} was changed. All other sessions were signed out.`,
    ],
  });
}

/** A new password does not stop sign-ins by a provider, so it names those that are connected. */
export const passwordRecovered =
  (connected: readonly string[]) =>
  (happened: Happened, links: NoticeLinks): Message =>
    accountNotice(happened, links, {
      title: 'Your password was reset',
      paragraphs: [
        `The password of your account at ${links.origin} was reset with a code sent to this address. Every session was signed out.`,
        ...connected.map(
          (provider) =>
            `${provider} is still connected: anyone with access to that ${provider} account can sign in to this one. If it isn’t yours, disconnect it in your account settings.`,
        ),
      ],
    });

export const providerConnected =
  (provider: string) =>
  (happened: Happened, links: NoticeLinks): Message =>
    accountNotice(happened, links, {
      title: `${provider} was connected to your account`,
      paragraphs: [
        `A ${provider} account was connected to your account at ${links.origin}. Anyone with access to that ${provider} account can sign in to yours.`,
      ],
    });

export const providerDisconnected =
  (provider: string) =>
  (happened: Happened, links: NoticeLinks): Message =>
    accountNotice(happened, links, {
      title: `${provider} was disconnected from your account`,
      paragraphs: [
        `You can no longer sign in to your account at ${links.origin} with ${provider}. All other sessions were signed out.`,
      ],
    });

export function lockedByGuesses({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: Someone is guessing your password`,
    paragraphs: [
      `Someone entered too many wrong passwords for your account at ${origin}. For a while, new devices can’t sign in with a password. Devices that you have used before still can.`,
    ],
    link: { href: `${origin}/recovery`, label: 'Reset your password' },
    closing:
      'None of the attempts succeeded. If you use this password anywhere else, reset it. A reset also lets you sign in on a new device now.',
  });
}

/**
 * Sent to every address that received a link for the account. It contains no link itself, because an undo cannot be
 * undone.
 */
export function undoUsed(
  happened: Happened,
  { origin, address }: { origin: string; address: Undone['address'] | 'elsewhere' },
): Message {
  const used = `A “This wasn’t me” link of an account at ${origin} was used.`;
  const subject = `${productName}: A “This wasn’t me” link was used`;
  if (address === 'elsewhere') {
    return layOut({
      subject,
      paragraphs: [
        used,
        when(happened),
        'This email address doesn’t belong to that account. Links and codes for it that were sent here no longer work.',
      ],
      closing: 'There is nothing to do.',
    });
  }
  if (address === 'taken') {
    return layOut({
      subject,
      paragraphs: [
        `${used} ${undoSince}`,
        whenAndWhere(happened),
        `One thing is left. ${undoTaken}`,
        ...undoTakenSteps,
      ],
      link: { href: `${origin}/recovery`, label: 'Set a new password for the other account' },
      closing: 'Links that were sent to other addresses no longer work.',
    });
  }
  return layOut({
    subject,
    paragraphs: [
      `${used} The account has this email address. ${undoSince}`,
      whenAndWhere(happened),
      ...Object.values(undoPromise),
    ],
    link: { href: `${origin}/recovery`, label: 'Set a new password' },
    closing: 'All earlier links no longer work.',
  });
}
