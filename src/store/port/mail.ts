import type { SecurityEvent, QueuedMail } from '../../records.ts';

export type MailOutcome =
  | { kind: 'sent' }
  /** The sandbox mailbox keeps its content. */
  | { kind: 'kept' }
  | { kind: 'retry'; dueAt: Date; reason: string }
  | { kind: 'dropped'; reason: string };

export interface MailStore {
  insertMail(mail: QueuedMail): Promise<void>;
  /** The queued mail that has been due longest and is not held, its `dueAt` moved to `leaseUntil`, its `tries` counted up. */
  claimMail(now: Date, leaseUntil: Date): Promise<QueuedMail | null>;
  /**
   * Settles a queued mail as it was claimed; `sent` and `dropped` erase its content. Nothing happens once its lease has
   * passed to somebody else.
   */
  settleMail(claimed: Pick<QueuedMail, 'id' | 'dueAt'>, outcome: MailOutcome): Promise<void>;
  findMail(id: string): Promise<QueuedMail | null>;
  /** Mails in one state, newest first, those before `before` in that order; none to an address of the domain `except`. */
  listMail(input: {
    state: QueuedMail['state'];
    except: string | null;
    before: string | null;
    limit: number;
  }): Promise<QueuedMail[]>;
  /** Makes a queued mail due at `now` that is due later than `than`. False, and nothing is recorded, when it is not. */
  hastenMail(input: { id: string; now: Date; than: Date; event: SecurityEvent }): Promise<boolean>;
  /** Mails in state `kept`, newest first, at most 200. */
  keptMail(to: string | null): Promise<QueuedMail[]>;
  /** Queued mail to this domain is left where it is until `until`. */
  holdMail(domain: string, until: Date): Promise<void>;
  /** Every domain whose mail was ever held and that was not erased since. */
  heldDomains(): Promise<string[]>;
  /** Takes the queued mails to a held domain out of the queue, oldest first: they are gone afterwards. */
  takeHeldMail(domain: string): Promise<QueuedMail[]>;
}
