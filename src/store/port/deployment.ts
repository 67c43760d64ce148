import type { Sealed } from '../../records.ts';

export interface DeploymentStore {
  findSecret(name: string): Promise<Sealed | null>;
  /** Stores the first value given for this name permanently, and returns the stored one. */
  keepSecret(name: string, sealed: Sealed): Promise<Sealed>;
  /** Takes or prolongs a lease until `until`. False if another holder has it. */
  takeLease(name: string, holder: string, until: Date, now: Date): Promise<boolean>;
  dropLease(name: string, holder: string): Promise<void>;
  /** The holder of the lease at `now`; `null` if it is free. Changes nothing. */
  leaseHolder(name: string, now: Date): Promise<string | null>;
  /**
   * Removes records that expired at least a day ago. Reads judge expiry themselves, so nothing depends on purging for
   * security.
   */
  purge(now: Date): Promise<void>;
}
