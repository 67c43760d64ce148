import type { Hashed, SecurityEvent, QueuedMail } from '../../records.ts';

/**
 * A link in a notice, by which an account's owner says that it was not them. The store keeps with it the address that the
 * account has at that moment, and which of the account's links came before it.
 */
export interface Undo {
  tokenHash: Hashed;
  accountId: string;
  /** What was added at this instant or later is not the owner's. */
  since: Date;
  expiresAt: Date;
}

/**
 * What goes with a change of an account: it is recorded, and its owner may be told, with a way to undo it. The mail goes to
 * the address that the account has when the change is kept, whatever it was when the request began.
 */
export interface Notice {
  event: SecurityEvent;
  mail: QueuedMail;
  undo: Undo;
}

export interface EventStore {
  /** Events of this account, newest first, those before `before` in that order; of these actions alone, and none older than `since`, where that is given. */
  listEvents(input: {
    accountId: string;
    actions?: readonly string[];
    since?: Date;
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** Events of these actions, whosever they are, in the same order. */
  listActions(input: {
    actions: readonly string[];
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** For what changes no record, or none that its event could be kept with. */
  recordEvent(event: SecurityEvent): Promise<void>;
}
