import type { Hashed, SecurityEvent, QueuedMail } from '../../records.ts';

/**
 * A link in a notice with which the account owner reports that they did not make the change. The store also keeps the
 * account’s address at that time and the order of the account’s links.
 */
export interface Undo {
  tokenHash: Hashed;
  accountId: string;
  /** Additions at or after this time are undone. */
  since: Date;
  expiresAt: Date;
}

/**
 * Accompanies a change of an account: the event to record, and a mail to the owner with an undo link. The mail goes
 * to the address that the account has when the change is stored, even if it was different when the request
 * began.
 */
export interface Notice {
  event: SecurityEvent;
  mail: QueuedMail;
  undo: Undo;
  limit: NoticeLimit;
}

/**
 * Of notices that are as many as `most`, of one action, to one address, stored at or after `since` and with a valid link,
 * the last one has `lastMail` for its mail, and further ones are events alone: no mail, no link.
 */
export interface NoticeLimit {
  most: number;
  since: Date;
  lastMail: QueuedMail;
}

export interface EventStore {
  /**
   * The account’s events, newest first: those that follow `before` in that order, limited to `actions` and to events
   * not older than `since`, if given.
   */
  listEvents(input: {
    accountId: string;
    actions?: readonly string[];
    since?: Date;
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** Events of these actions, of all accounts, in the same order. */
  listActions(input: {
    actions: readonly string[];
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** Stores an event on its own, for actions that change no record or cannot be stored with it. */
  recordEvent(event: SecurityEvent): Promise<void>;
}
