import type { Sealed } from '../../records.ts';

export interface DeploymentStore {
  findSecret(name: string): Promise<Sealed | null>;
  /** Keeps the first one given under this name, for ever, and answers the one that is kept. */
  keepSecret(name: string, sealed: Sealed): Promise<Sealed>;
  /** One holder at a time until `until`; the holder may take it again to prolong it. */
  takeLease(name: string, holder: string, until: Date, now: Date): Promise<boolean>;
  dropLease(name: string, holder: string): Promise<void>;
  /** Who holds it at `now`; `null` when nobody does. Changes nothing. */
  leaseHolder(name: string, now: Date): Promise<string | null>;
  /** Removes what has been over for a day. Nothing relies on it for being refused. */
  purge(now: Date): Promise<void>;
}
