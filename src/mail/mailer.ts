import type { Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { open, seal } from '../crypto/seal.ts';
import { newId } from '../crypto/token.ts';
import type { QueuedMail, Sealed } from '../records.ts';
import type { Message } from './layout.ts';

interface Letter {
  to: string;
  message: Message;
  /** The challenge whose code it carries. */
  challengeId: string | null;
  expiresAt: Date;
}

/** Mail is queued in the store, together with what it is about: no request waits for a mail server, and none is lost. */
export interface Mailer {
  /** A mail, sealed, for a store method to keep. */
  compose(letter: Letter): QueuedMail;
  /** Something was queued: deliver it now rather than at the next look. */
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
      const id = newId();
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
