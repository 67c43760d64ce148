import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { open, seal } from '../crypto/seal.ts';
import { newOrderedId } from '../crypto/token.ts';
import type { QueuedMail, Sealed } from '../records.ts';
import type { Message } from './layout.ts';

interface Letter {
  to: string;
  message: Message;
  /** The challenge whose code the mail contains. */
  challengeId: string | null;
  expiresAt: Date;
}

/**
 * Queues mail in the store, in the same transaction as the change it is about. Requests do not wait for a mail server,
 * and no mail is lost.
 */
export interface Mailer {
  /** Returns a sealed mail for a store method to save. */
  compose(letter: Letter): QueuedMail;
  /** Starts delivery of newly queued mail now, without waiting for the next poll. */
  wake(): void;
}

export function makeMailer({
  clock,
  keyring,
  wake,
}: {
  clock: Clock;
  keyring: Keyring;
  wake: () => void;
}): Mailer {
  return {
    wake,
    compose({ to, message, challengeId, expiresAt }) {
      const id = newOrderedId();
      const now = clock.now();
      const content = seal(keyring, placeOf(id), JSON.stringify(message));
      return {
        id,
        to,
        content,
        challengeId,
        state: 'queued',
        tries: 0,
        createdAt: now,
        dueAt: now,
        expiresAt,
        lastError: null,
      };
    },
  };
}

/** @throws SealBroken */
export function openMail(
  keyring: Keyring,
  { id, content }: { id: string; content: Sealed },
): Message {
  return JSON.parse(open(keyring, placeOf(id), content)) as Message;
}

function placeOf(id: string): string {
  return `mail:${id}`;
}
