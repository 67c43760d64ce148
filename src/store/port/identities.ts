import type {
  Account,
  Provider,
  Identity,
  IdentityKey,
  Issuer,
  SecurityEvent,
} from '../../records.ts';
import type { Notice } from './events.ts';

export interface IdentityStore {
  /**
   * Gives its issuer to every identity of the provider that was stored without one. Every start calls this, so several
   * processes may at the same time. An identity with an issuer keeps it, and then one without that names the same user
   * is removed.
   */
  bindIdentities(issuers: readonly Issuer[]): Promise<void>;
  findAccountByIdentity(identity: IdentityKey): Promise<Account | null>;
  /** In the order in which they were connected. */
  listIdentities(accountId: string): Promise<Identity[]>;
  /**
   * Creates an account for a user at a provider that verified the address. Invalidates open sign-ups and challenges of
   * the address as `redeemSignUp` does. `taken`: the address has an account, or the identity is connected to one.
   */
  openAccount(input: {
    account: Account;
    identity: Identity & IdentityKey;
    event: SecurityEvent;
    now: Date;
  }): Promise<{ kind: 'opened' | 'taken' }>;
  /**
   * `taken`: the identity is connected to an account, or the account has another one of this provider, whatever its
   * issuer. `over`: the session is gone.
   */
  connectIdentity(input: {
    identity: Identity & IdentityKey;
    sessionId: string;
    notice: Notice;
  }): Promise<{ kind: 'connected' | 'taken' | 'over' }>;
  /**
   * Disconnects an identity and ends every session but `keepSessionId`. `last`: the account has no password and no
   * other identity of these issuers, so the identity remains.
   */
  disconnectIdentity(input: {
    accountId: string;
    provider: Provider;
    /** Those that are configured, because the account could not sign in with any other. */
    issuers: readonly Issuer[];
    keepSessionId: string;
    notice: Notice;
  }): Promise<{ kind: 'disconnected' | 'last' | 'none' }>;
}
