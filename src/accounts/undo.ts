import { undoDays } from '../api/durations.ts';
import { actionsOf } from '../api/events.ts';
import { undoKeptDays } from '../api/undo.ts';
import { unassignedEvent } from '../audit/security-event.ts';
import { addMs, day } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { undoUsed } from '../mail/account-notices.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Undone } from '../store/port/undos.ts';

/** For how long the email about an undo is worth delivering. */
const worthTellingFor = undoDays * day;

interface Undo {
  token: string;
  /**
   * Also disconnects providers that were connected earlier, because an attacker may control the owner’s Google or
   * GitHub account.
   */
  everyProvider: boolean;
  client: Client;
}

/**
 * Handles a “This wasn’t me” link: does what `undoPromise` says and notifies every address that received a valid link
 * for the account. Returns what the account did to other accounts in the meantime, which is not undone, and whether
 * another account now has the address to restore. In that case everything else is undone, and using the link again
 * restores the address.
 * @throws Problem `gone` for a link that is used, expired or unknown
 */
export async function undo(
  { store, clock, config, mailer }: Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>,
  { token, everyProvider, client }: Undo,
): Promise<Undone> {
  const event = unassignedEvent({ clock }, { action: 'account.secured', actorId: null, client });
  const expiresAt = addMs(clock.now(), worthTellingFor);
  const undone = await store.redeemUndo({
    tokenHash: hashToken(token),
    everyProvider,
    actions: actionsOf('operator'),
    event,
    tell: ({ email, address }) =>
      mailer.compose({
        to: email,
        message: undoUsed(event, { origin: config.origin, address }),
        challengeId: null,
        expiresAt,
      }),
    keptUntil: addMs(clock.now(), undoKeptDays * day),
    now: clock.now(),
  });
  if (undone === null) throw new Problem('gone');
  mailer.wake();
  return undone;
}
