import type { PasswordHash, SignedEntry } from '../../records.ts';

export interface TrustStore {
  /**
   * Appends an entry to the evidence log. Returns false and stores nothing if `seq` is not the next one, because
   * another entry came first.
   */
  appendEntry(link: SignedEntry): Promise<boolean>;
  newestEntry(): Promise<SignedEntry | null>;
  /** Entries with a greater `seq`, oldest first. */
  entriesAfter(seq: number, limit: number): Promise<SignedEntry[]>;
  /** `seq` of the newest checkpoint made at or before this time; `null` if there is none. */
  checkpointBefore(at: Date): Promise<number | null>;
  /** Every password hash of accounts and open sign-ups. */
  eachPasswordHash(): AsyncIterable<PasswordHash>;
  /** Erases all data about addresses of this domain, and its hold. */
  eraseDomain(domain: string): Promise<void>;
}
