import { undoDays } from '../api/durations.ts';
import { actionsOf } from '../api/events.ts';
import { undoKeptDays } from '../api/undo.ts';
import { unassignedEvent } from '../audit/security-event.ts';
import { addMs } from '../clock.ts';
import { hashToken } from '../crypto/token.ts';
import type { Client } from '../http/endpoint.ts';
import { undoUsed } from '../mail/messages.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Undone } from '../store/port/undos.ts';

const day = 24 * 60 * 60_000;
/** How long it is worth telling an address of an undo. */
const worthTellingFor = undoDays * day;

interface Undo {
  token: string;
  /** Also those that were connected before: somebody may be in the owner's account at Google or GitHub. */
  everyProvider: boolean;
  client: Client;
}

/**
 * “This wasn’t me”: does what `undoPromise` says, and tells every address that a live link of the account went to. Answers what
 * the account did to others meanwhile, which stays, and whether another account has the address to restore: then the link does
 * everything else, and restores the address when it is used again.
 * @throws Problem `gone` for a link that is used, expired or none
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
