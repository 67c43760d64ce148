import { factorLockMinutes, factorRecoveryHours } from '../api/durations.ts';
import type { Factor } from '../records/two-factor.ts';
import { layOut, productName, type Message } from './layout.ts';
import { accountNotice, dateInWords, type Happened, type NoticeContext } from './notice-parts.ts';

/** Second factors. A passkey’s name is text that a user typed, so only its kind is named. */

const kinds: Record<Factor['type'], string> = { passkey: 'passkey', totp: 'authenticator app' };
const withArticle: Record<Factor['type'], string> = {
  passkey: 'A passkey',
  totp: 'An authenticator app',
};

export const factorAdded =
  (type: Factor['type']) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: `${withArticle[type]} was added to your account`,
      paragraphs: [
        `Your account at ${context.origin} now accepts this ${kinds[type]} as a second factor.`,
      ],
    });

export const factorRemoved =
  (type: Factor['type']) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: `${withArticle[type]} was removed from your account`,
      paragraphs: [
        `Your account at ${context.origin} no longer accepts this ${kinds[type]} as a second factor.`,
      ],
    });

export function recoveryCodesRenewed(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'New recovery codes were generated for your account',
    paragraphs: [
      `New recovery codes were generated for your account at ${context.origin}. The previous ones no longer work.`,
    ],
  });
}

export function recoveryCodeUsed(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'A recovery code for your account was used',
    paragraphs: [
      `A recovery code was used to sign in to your account at ${context.origin}. It can’t be used again.`,
    ],
  });
}

export const factorsToGo =
  (opensAt: Date) =>
  (happened: Happened, context: NoticeContext): Message =>
    accountNotice(happened, context, {
      title: 'Someone asked to remove your second factors',
      paragraphs: [
        `Someone completed the first step of signing in to your account at ${context.origin} and started the ${factorRecoveryHours}-hour recovery for lost second factors. From ${dateInWords(opensAt)} UTC, the next sign-in removes all second factors and doesn’t require one.`,
      ],
      toDo: 'If this was you, wait until then and sign in. If this wasn’t you, someone else has your password, or access to your Google or GitHub account. Sign in with any of your second factors to stop the recovery, or secure your account.',
    });

/**
 * The person who started the recovery knows the first proof. The owner may have stopped it by signing in, without being
 * aware of it.
 */
export function factorRecoveryStopped(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'A recovery of your second factors was stopped',
    paragraphs: [
      `Someone started a recovery that would have removed every second factor from your account at ${context.origin}. It was stopped because one of your second factors was used or added, or because it was cancelled in the app. Your second factors have not been removed.`,
    ],
    toDo: 'If you started the recovery, no action is needed. If you didn’t, someone else has your password, or access to your Google or GitHub account. Change your password now, and secure that account. If you don’t recognise the device above either, secure your account, too.',
  });
}

export function factorsRecovered(happened: Happened, context: NoticeContext): Message {
  return accountNotice(happened, context, {
    title: 'Your second factors were removed',
    paragraphs: [
      `The ${factorRecoveryHours}-hour recovery for lost second factors ended, and someone signed in to your account at ${context.origin}. Every second factor and recovery code was removed, and all other devices were signed out.`,
    ],
    toDo: 'If this was you, add a second factor again. If this wasn’t you, secure your account.',
  });
}

export function factorLockedByGuesses({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: Too many failed two-factor attempts for your account`,
    paragraphs: [
      `Two-factor authentication failed too many times for your account at ${origin}. For up to ${factorLockMinutes} minutes, no second factor is accepted, not even a correct one.`,
      'Such attempts require your password, access to your Google or GitHub account, or one of your signed-in devices.',
    ],
    link: { href: `${origin}/recovery`, label: 'Reset your password' },
    closing:
      'If this was you, wait and try again. If this wasn’t you, reset your password now: that signs out all devices. If a Google or GitHub account is connected to your account, secure it, too.',
  });
}
