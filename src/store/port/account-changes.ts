import type { Hashed, PasswordHash, Account, Session, SecurityEvent } from '../../records.ts';
import type { FactorRecovery } from '../../records/two-factor.ts';
import type { Redemption } from './challenges.ts';
import type { Notice } from './events.ts';

/**
 * A session that replaces the one with this token, which ends. The caller grants it no more than the replaced session
 * had.
 */
export interface ContinuedSession {
  from: Hashed;
  session: Session;
}

export interface AccountChangeStore {
  /**
   * Sets a new password, if the hash is still `from` and the session of `continued` still exists. Every other session
   * of the account ends, its open `recover` challenges become invalid, and its {@link FactorRecovery} is deleted.
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
   * Redeems a `recover` challenge: sets the password, ends every session of the account, forgets its devices,
   * invalidates its other `recover` challenges with their mails and its sign-ins that wait for a second factor, and
   * deletes its {@link FactorRecovery}. Returns `over` for a challenge without a subject, or whose account is gone or
   * has another address. `complete` is called with the account after the code was found correct. If it throws, the
   * error is passed on and the challenge stays open.
   */
  redeemRecovery(input: {
    challengeId: string;
    codeHash: Hashed;
    complete: (owner: Account) => Promise<{ passwordHash: PasswordHash; notice: Notice }>;
    now: Date;
  }): Promise<Redemption<{ account: Account }>>;
  /**
   * Makes an account an operator and ends its sessions, or removes the operator role. `refused`: the event’s actor is
   * no longer an operator. `last`: no operator would remain. `unchanged`: there is no such account, or it has that role
   * already.
   */
  changeOperator(input: {
    accountId: string;
    operator: boolean;
    notice: Notice;
  }): Promise<'changed' | 'unchanged' | 'last' | 'refused'>;
  /**
   * Redeems a `change-email` challenge: sets the account’s address to the challenge’s, invalidates codes sent to the
   * previous address, and closes all sign-ups of the new one. If a live undo was issued to the new address, undos
   * issued to other addresses since then become invalid, because the account is back at the owner’s address. No undo
   * stays valid for longer than the notice’s. `taken`: another account has the address.
   */
  redeemEmailChange(input: {
    challengeId: string;
    codeHash: Hashed;
    notice: Notice;
    now: Date;
  }): Promise<Redemption<{ account: Account }> | { kind: 'taken' }>;
}
