import type { Sealed, SessionMethod, PasswordHash, Hashed } from '../records.ts';

/** Second factors, and what is stored while one is used, added or recovered. */

export const factorTypes = ['totp', 'passkey'] as const;

type FactorType = (typeof factorTypes)[number];

/** A second factor of an account. */
export interface Factor {
  id: string;
  accountId: string;
  type: FactorType;
  name: string;
  /** TOTP: the shared secret, sealed in place `factor:ID`. */
  secret: Sealed | null;
  /** Passkey: its unique credential ID and COSE public key, both in base64url; transports separated by commas. */
  credentialId: string | null;
  publicKey: string | null;
  transports: string | null;
  /** TOTP: the latest accepted time step. Passkey: its signature counter, 0 if it does not count. */
  counter: number;
  /**
   * Passkey: it verified its user when it was added, or later together with a password. Only then can it sign in alone.
   * WebAuthn L3 §4.
   */
  uvInitialized: boolean;
  /** `null` until the user has used the factor once. An unconfirmed factor is never asked for. */
  confirmedAt: Date | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** Maximum of confirmed factors per account. A user needs several; ASVS 2.4.1 requires a bound. */
export const maxFactors = 10;

/**
 * A sign-in with a valid first factor that waits for the second. It has the ID of its challenge and grants no other
 * access.
 */
export interface PendingSignIn {
  id: string;
  accountId: string;
  method: SessionMethod;
  stay: boolean;
  provenHash: PasswordHash | null;
  /** The issuer and subject at the provider that is the method; `null` for any other first factor. */
  provenIssuer: string | null;
  provenSubject: string | null;
  expiresAt: Date;
}

/** Delayed recovery for a user who lost every second factor. An account has at most one. */
export interface FactorRecovery {
  accountId: string;
  /** From this time until `closesAt`, the first factor alone signs in, once. That sign-in removes every factor. */
  opensAt: Date;
  closesAt: Date;
  usedAt: Date | null;
  /**
   * When the owner stopped it, explicitly or by using a factor. The record is kept until it closes, so that the owner
   * sees that it was started.
   */
  stoppedAt: Date | null;
}

/** The rule that every account needs a second factor. */
export interface FactorRule {
  /** From this time on, enrolment is required for an account without a second factor. */
  from: Date;
}

export const ceremonyPurposes = ['register', 'sign-in', 'second-factor', 'confirm'] as const;

export type CeremonyPurpose = (typeof ceremonyPurposes)[number];

/** A started WebAuthn ceremony. Its challenge accepts one response, for this purpose and this subject only. */
export interface Ceremony {
  challengeHash: Hashed;
  purpose: CeremonyPurpose;
  /** A session or a challenge; `null` while the user is unknown. */
  subjectId: string | null;
  expiresAt: Date;
}
