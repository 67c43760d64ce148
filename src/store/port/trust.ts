import type { PasswordHash, SignedEntry } from '../../records.ts';

export interface TrustStore {
  /** Puts a link at the end of the chain. False, and nothing is kept, when its `seq` is not the next: another one came first. */
  appendEntry(link: SignedEntry): Promise<boolean>;
  newestEntry(): Promise<SignedEntry | null>;
  /** Those whose `seq` is greater, oldest first. */
  entriesAfter(seq: number, limit: number): Promise<SignedEntry[]>;
  /** `seq` of the newest checkpoint made at that time or before; `null` when there is none. */
  checkpointBefore(at: Date): Promise<number | null>;
  /** Every password hash there is, of accounts and of open sign-ups. */
  eachPasswordHash(): AsyncIterable<PasswordHash>;
  /** Erases everything about addresses of this domain, and the hold on it. */
  eraseDomain(domain: string): Promise<void>;
}
