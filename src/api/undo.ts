import type { UndoEffect } from '../records.ts';
import { undoDays } from './durations.ts';

/**
 * What every valid “This wasn’t me” link does, whichever email it came in. The stores implement one step for each row;
 * the /undo page and docs/decisions/003 use these sentences, and emails sum them up. A new feature that an intruder
 * could leave changes with adds a row here.
 */
export const undoPromise = {
  sessions: 'All devices are signed out and no longer recognised.',
  password: 'Your password stops working. Set a new one with a code sent to your email address.',
  address:
    'Your account gets its previous email address back. While another account has that address, yours has none, and the link stays valid.',
  factors: 'Authenticator apps and passkeys added since then are removed.',
  'recovery-codes': 'Recovery codes generated since then stop working.',
  providers: 'Google and GitHub accounts connected since then are disconnected.',
  codes:
    'Codes and links in earlier emails stop working, and a recovery of second factors is stopped.',
  deletion: 'If your account is scheduled for deletion, the deletion is cancelled.',
} as const satisfies Record<UndoEffect, string>;

/**
 * Maximum number of days that a link stays valid after it was used while another account had the address to restore.
 * Longer than the time until an account is erased.
 */
export const undoKeptDays = 90;
export const undoTaken =
  'Another account has your email address, so yours couldn’t get it back yet. Until it does, your account can’t be recovered by email.';
/** What the account owner can do until the address is free, in this order. */
export const undoTakenSteps = [
  'Free your email address. Codes for the other account are sent to your mailbox, so you can reset its password, sign in, and change its email address. If it asks for a second factor that isn’t yours, first use the “This wasn’t me” link in the email about that factor. If it is scheduled for deletion, you can also wait until it is erased.',
  `Use the same link again. It is valid for another ${undoKeptDays} days, and restores your address once the other account no longer has it.`,
] as const;

/** What “since then” means, and what an undo does not change: the account owner must check these afterwards. */
export const undoSince = `The link covers every change since the earliest “This wasn’t me” email of the last ${undoDays} days.`;
export const undoLeaves = [
  'Earlier changes stay. Google and GitHub accounts that were connected earlier stay, too, unless you tick the box above.',
  'Second factors that were removed don’t come back: add them again.',
  'What the account did to others is listed, not reversed.',
] as const;
