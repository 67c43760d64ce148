import { deletionDays } from '../api/durations.ts';
import { undoTaken, undoTakenSteps } from '../api/undo.ts';
import type { Undone } from '../store/port/undos.ts';
import { layOut, productName, type Message } from './layout.ts';
import {
  accountNotice,
  when,
  whenAndWhere,
  type Happened,
  type NoticeContext,
} from './notice-parts.ts';

/** Sign-ins, and changes to an account by its user. */

export function newDevice(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'A new device signed in to your account',
    paragraphs: [
      `A browser that you haven’t used before signed in to your account at ${context.origin}.`,
    ],
  });
}

/**
 * The browser presented a device cookie from before its last sign-in. Either that sign-in was an attacker’s, or this
 * one is.
 */
export function outdatedDevice(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'Check a recent sign-in to your account',
    paragraphs: [
      `A browser signed in to your account at ${context.origin} with an outdated device cookie. This cookie identifies browsers that have signed in before, and every sign-in replaces it.`,
      'This can happen when a browser is restored from a backup or a sign-in is interrupted. It can also mean that someone copied your browser’s cookies. In that case, one of your last two sign-ins wasn’t yours.',
    ],
  });
}

export function emailChanged(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'The email address for your account was changed',
    paragraphs: [
      `Your account at ${context.origin} has a new email address. You can no longer sign in with this one.`,
    ],
  });
}

export function accountClosing(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'Your account is scheduled for deletion',
    paragraphs: [
      `Your account at ${context.origin} will be deleted in ${deletionDays} days, with all your data. All devices were signed out. To restore your account, sign in before then.`,
    ],
  });
}

export function passwordChanged(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'Your password was changed',
    paragraphs: [
      `The password for your account at ${context.origin} was changed. All other devices were signed out.`,
    ],
  });
}

/** A new password does not stop sign-ins by a provider, so it names those that are connected. */
export const passwordRecovered =
  (connected: readonly string[]) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: 'Your password was reset',
      paragraphs: [
        `The password for your account at ${context.origin} was reset with a code sent to this address. All devices were signed out.`,
        ...connected.map(
          (provider) =>
            `${provider} is still connected: anyone with access to that ${provider} account can sign in to this one. If it isn’t yours, disconnect it in your account settings.`,
        ),
      ],
    });

export const providerConnected =
  (provider: string) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: `${provider} was connected to your account`,
      paragraphs: [
        `A ${provider} account was connected to your account at ${context.origin}. Anyone with access to that ${provider} account can sign in to yours.`,
      ],
    });

export const providerDisconnected =
  (provider: string) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: `${provider} was disconnected from your account`,
      paragraphs: [
        `You can no longer sign in to your account at ${context.origin} with ${provider}. All other devices were signed out.`,
      ],
    });

export function lockedByGuesses({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: Too many incorrect passwords for your account`,
    paragraphs: [
      `Someone entered too many incorrect passwords for your account at ${origin}. For a while, new devices can’t sign in with a password. Devices that you’ve used before still can.`,
    ],
    link: { href: `${origin}/recovery`, label: 'Reset your password' },
    closing:
      'None of the attempts succeeded. If you use this password on other sites, reset it. A reset also lets you sign in on a new device right away.',
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
  const subject = `${productName}: A “This wasn’t me” link was used`;
  if (address === 'elsewhere') {
    return layOut({
      subject,
      paragraphs: [
        `A “This wasn’t me” link for an account at ${origin} was used.`,
        when(happened),
        'That account doesn’t use this email address. Links and codes for it that were sent here no longer work.',
      ],
      closing: 'No action is needed.',
    });
  }
  const used = `A “This wasn’t me” link for your account at ${origin} was used.`;
  const undone =
    'All devices were signed out, your password was invalidated, and recent changes to your account were undone.';
  if (address === 'taken') {
    return layOut({
      subject,
      paragraphs: [
        used,
        whenAndWhere(happened),
        undone,
        undoTaken,
        ...undoTakenSteps.map((step, at) => `${at + 1}. ${step}`),
      ],
      link: { href: `${origin}/recovery`, label: 'Set a new password for the other account' },
      closing: 'Links that were sent to other addresses no longer work.',
    });
  }
  return layOut({
    subject,
    paragraphs: [`${used} The account uses this email address.`, whenAndWhere(happened), undone],
    link: { href: `${origin}/recovery`, label: 'Set a new password' },
    closing: 'Links and codes in earlier emails no longer work.',
  });
}
