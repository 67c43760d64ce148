import type { SecurityEvent, QueuedMail } from '../../records.ts';

export type MailOutcome =
  | { kind: 'sent' }
  /** Kept with its content, for the sandbox mailbox. */
  | { kind: 'kept' }
  | { kind: 'retry'; dueAt: Date; reason: string }
  | { kind: 'dropped'; reason: string };

export interface MailStore {
  insertMail(mail: QueuedMail): Promise<void>;
  /**
   * Claims the queued mail that has been due longest and is not held: sets its `dueAt` to `leaseUntil` and increments
   * `tries`.
   */
  claimMail(now: Date, leaseUntil: Date): Promise<QueuedMail | null>;
  /**
   * Stores the outcome of a claimed mail; `sent` and `dropped` erase its content. Does nothing if the lease has passed
   * to another worker.
   */
  settleMail(claimed: Pick<QueuedMail, 'id' | 'dueAt'>, outcome: MailOutcome): Promise<void>;
  findMail(id: string): Promise<QueuedMail | null>;
  /**
   * Mails in one state, newest first, that follow `before` in that order. Leaves out addresses of the domain `except`.
   */
  listMail(input: {
    state: QueuedMail['state'];
    except: string | null;
    before: string | null;
    limit: number;
  }): Promise<QueuedMail[]>;
  /**
   * Makes a queued mail that is due after `than` due at `now`. Returns false and records nothing if there is no such
   * mail.
   */
  hastenMail(input: { id: string; now: Date; than: Date; event: SecurityEvent }): Promise<boolean>;
  /** Mails in state `kept`, newest first, at most 200. */
  keptMail(to: string | null): Promise<QueuedMail[]>;
  /** Holds queued mail to this domain until `until`. */
  holdMail(domain: string, until: Date): Promise<void>;
  /** Every domain whose mail was ever held and that was not erased since. */
  heldDomains(): Promise<string[]>;
  /** Removes the queued mails to a held domain from the queue and returns them, oldest first. */
  takeHeldMail(domain: string): Promise<QueuedMail[]>;
}
