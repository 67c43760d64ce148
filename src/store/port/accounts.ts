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

/** An account in the operators’ list. */
export interface ListedAccount {
  account: Account;
  /** Number of active sessions, and the latest use of any of them. */
  sessions: number;
  lastUsedAt: Date | null;
}

export interface AccountStore {
  findAccount(id: string): Promise<Account | null>;
  findAccountByEmail(email: string): Promise<Account | null>;
  countAccounts(): Promise<number>;
  hasOperator(): Promise<boolean>;
  /**
   * Stores sign-up, challenge and mail together. Of the address’s open sign-ups, the newest `keep` remain, with their
   * challenges.
   */
  openSignUp(input: {
    signUp: SignUp;
    challenge: Challenge;
    mail: QueuedMail;
    keep: number;
  }): Promise<void>;
  /** The newest sign-up of this address that is open at `now`. */
  newestSignUp(email: string, now: Date): Promise<SignUp | null>;
  /**
   * Gives an open sign-up a new challenge. The previous one becomes invalid and its mail is dropped. False if the
   * sign-up is gone.
   */
  reopenSignUp(input: {
    signUpId: string;
    challenge: Challenge;
    mail: QueuedMail;
  }): Promise<boolean>;
  /**
   * Redeems a `verify-email` challenge: creates the account of its sign-up, and invalidates every other sign-up and
   * `verify-email` challenge of the address. Returns `over` if the address has an account.
   */
  redeemSignUp(input: {
    challengeId: string;
    codeHash: Hashed;
    accountId: string;
    event: SecurityEvent;
    now: Date;
  }): Promise<Redemption<{ account: Account }>>;
  insertClaim(input: { tokenHash: Hashed; expiresAt: Date }): Promise<void>;
  /** Whether `redeemClaim` would accept the claim now. */
  isClaimOpen(tokenHash: Hashed, now: Date): Promise<boolean>;
  /**
   * Uses up every claim and creates the operator’s account. `taken`: the address has an account; the claims remain.
   * Invalidates open sign-ups and challenges of the address as `redeemSignUp` does.
   */
  redeemClaim(input: {
    tokenHash: Hashed;
    account: Account;
    event: SecurityEvent;
    now: Date;
  }): Promise<{ kind: 'redeemed' | 'taken' | 'over' }>;
  /**
   * Accounts ordered by address, following the account `after`, whose address or name starts with `search` in lower
   * case. Leaves out accounts of the domain `except` that are not operators. Returns nothing if `after` is unknown.
   */
  listAccounts(input: {
    search: string;
    except: string | null;
    after: string | null;
    limit: number;
    now: Date;
  }): Promise<ListedAccount[]>;
  /** False if the hash was replaced in the meantime. */
  replacePasswordHash(input: {
    accountId: string;
    from: PasswordHash;
    to: PasswordHash;
  }): Promise<boolean>;
}
