import type {
  Hashed,
  PasswordHash,
  Account,
  SignUp,
  Challenge,
  SecurityEvent,
  QueuedMail,
} from '../../records.ts';
import type { Redemption } from './challenges.ts';

/** An account as an operator's list has it. */
export interface ListedAccount {
  account: Account;
  /** Sessions alive, and the newest use of any of them. */
  sessions: number;
  lastUsedAt: Date | null;
}

export interface AccountStore {
  findAccount(id: string): Promise<Account | null>;
  findAccountByEmail(email: string): Promise<Account | null>;
  countAccounts(): Promise<number>;
  hasOperator(): Promise<boolean>;
  /** Sign-up, challenge and mail together; of the open sign-ups of this address the newest `keep` stay, with their challenges. */
  openSignUp(input: {
    signUp: SignUp;
    challenge: Challenge;
    mail: QueuedMail;
    keep: number;
  }): Promise<void>;
  /** The newest sign-up of this address that is open at `now`. */
  newestSignUp(email: string, now: Date): Promise<SignUp | null>;
  /** Gives an open sign-up another challenge; the one before is void and its mail dropped. False when the sign-up is gone. */
  reopenSignUp(input: {
    signUpId: string;
    challenge: Challenge;
    mail: QueuedMail;
  }): Promise<boolean>;
  /**
   * Redeems a `verify-email` challenge: the account is made of its sign-up, and every other sign-up and
   * `verify-email` challenge of the address is void. An address that has an account by now is `over`.
   */
  redeemSignUp(input: {
    challengeId: string;
    codeHash: Hashed;
    accountId: string;
    event: SecurityEvent;
    now: Date;
  }): Promise<Redemption<{ account: Account }>>;
  insertClaim(input: { tokenHash: Hashed; expiresAt: Date }): Promise<void>;
  /**
   * Uses up a claim and makes the operator's account. `taken`: the address has an account and the claim stays.
   * Open sign-ups and challenges of the address are void as in `redeemSignUp`.
   */
  redeemClaim(input: {
    tokenHash: Hashed;
    account: Account;
    event: SecurityEvent;
    now: Date;
  }): Promise<{ kind: 'redeemed' | 'taken' | 'over' }>;
  /**
   * Accounts in the order of their addresses, those after the account `after`, of addresses and names that start with `search`
   * in lower case; none of the domain `except`, but operators. Nothing comes after an account that is unknown.
   */
  listAccounts(input: {
    search: string;
    except: string | null;
    after: string | null;
    limit: number;
    now: Date;
  }): Promise<ListedAccount[]>;
  /** False when the hash was replaced meanwhile. */
  replacePasswordHash(input: {
    accountId: string;
    from: PasswordHash;
    to: PasswordHash;
  }): Promise<boolean>;
}
