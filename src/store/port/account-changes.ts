import type {
  Hashed,
  PasswordHash,
  Account,
  Session,
  FactorRecovery,
  SecurityEvent,
} from '../../records.ts';
import type { Redemption } from './challenges.ts';
import type { Notice } from './events.ts';

/** A session that takes the place of the one with this token, which ends. Whoever makes it gives it no more than that one had. */
export interface ContinuedSession {
  from: Hashed;
  session: Session;
}

export interface AccountChangeStore {
  /**
   * A new password, if the hash is still `from` and `continued` is still there: every other session of the account ends, its open
   * `recover` challenges are void and its {@link FactorRecovery} is deleted.
   */
  changePassword(input: {
    accountId: string;
    from: PasswordHash;
    to: PasswordHash;
    continued: ContinuedSession | null;
    notice: Notice;
  }): Promise<boolean>;
  renameAccount(input: {
    accountId: string;
    name: string;
    event: SecurityEvent;
  }): Promise<Account | null>;
  /**
   * Redeems a `recover` challenge: the account has this password, every session of it ends and no device is known any more,
   * its other `recover` challenges and their mails are void, as are sign-ins that wait for a second factor, and its {@link FactorRecovery} is deleted.
   * A challenge without a subject, or whose account is gone or has another address by now, is `over`. `complete` is asked, with that account, once the code
   * was found right, and what it throws is thrown: the challenge stays open.
   */
  redeemRecovery(input: {
    challengeId: string;
    codeHash: Hashed;
    complete: (owner: Account) => Promise<{ passwordHash: PasswordHash; notice: Notice }>;
    now: Date;
  }): Promise<Redemption<{ account: Account }>>;
  /**
   * Makes an operator, whose sessions end, or takes it back. `refused`: who asks, the event's actor, is none by then.
   * `last`: there would be none. `unchanged`: there is no such account, or it is so already.
   */
  changeOperator(input: {
    accountId: string;
    operator: boolean;
    notice: Notice;
  }): Promise<'changed' | 'unchanged' | 'last' | 'refused'>;
  /**
   * Redeems a `change-email` challenge: the account has the challenge's address, codes that went to the one before are void, and
   * nobody's sign-up of the new one can be redeemed any more. Where that is the address of a live undo, those that were issued
   * to other addresses since are void: the account is back where its owner was. No link is valid for longer than the notice’s.
   * `taken`: another account has it by now.
   */
  redeemEmailChange(input: {
    challengeId: string;
    codeHash: Hashed;
    notice: Notice;
    now: Date;
  }): Promise<Redemption<{ account: Account }> | { kind: 'taken' }>;
}
