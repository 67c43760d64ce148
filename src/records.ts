/** Branded values, stored records, and lists of values that several layers share. */

declare const brand: unique symbol;

type Brand<Name extends string> = string & { readonly [brand]: Name };

/** AES-256-GCM envelope. Only `crypto/seal.ts` creates one. */
export type Sealed = Brand<'Sealed'>;

/** SHA-256 or HMAC-SHA-256 of a secret, in base64url. Only `crypto/` creates one. */
export type Hashed = Brand<'Hashed'>;

/** Scheme, pepper ID and bcrypt hash. Only `accounts/password.ts` creates one. */
export type PasswordHash = Brand<'PasswordHash'>;

export interface Account {
  id: string;
  /**
   * Normalized: lower case, domain in punycode. Unique, with one exception: after an undo, another account may have
   * this address. Then this is the address that waits to be restored. The account’s mail goes there, but no lookup by
   * address finds the account.
   */
  email: string;
  name: string;
  /** `null` if the user signs in only through a provider. */
  passwordHash: PasswordHash | null;
  operator: boolean;
  createdAt: Date;
}

/** A sign-up whose email address is not verified yet. An address can have several open sign-ups. */
export interface SignUp {
  id: string;
  email: string;
  name: string;
  passwordHash: PasswordHash;
  challengeId: string;
  createdAt: Date;
  expiresAt: Date;
}

export const challengePurposes = [
  'verify-email',
  'second-factor',
  'recover',
  'change-email',
] as const;

export type ChallengePurpose = (typeof challengePurposes)[number];

export interface Challenge {
  id: string;
  purpose: ChallengePurpose;
  /** The address to which the code was sent. */
  email: string;
  /** The sign-up or account on which redeeming acts; `null` for a decoy challenge, which cannot be redeemed. */
  subjectId: string | null;
  codeHash: Hashed;
  attemptsLeft: number;
  sentAt: Date;
  expiresAt: Date;
  /** When the challenge was redeemed, or invalidated by another one. */
  endedAt: Date | null;
}

export const providers = ['google', 'github'] as const;

export type Provider = (typeof providers)[number];

/** Which server is the provider in this deployment. Another server gives the same subjects to other users. */
export interface Issuer {
  provider: Provider;
  /** The identifier of the OpenID issuer, or the URL of the GitHub. */
  issuer: string;
}

/** What identifies a user at a provider. */
export interface IdentityKey extends Issuer {
  /** The issuer’s identifier of the user. It never changes and is never reassigned. */
  subject: string;
}

/**
 * A user at a provider, connected to an account. An account has at most one identity per provider, and each identity
 * belongs to one account.
 */
export interface Identity extends Omit<IdentityKey, 'issuer'> {
  /** `null` if it was stored before issuers were, and no start has had this provider since. It then identifies no user. */
  issuer: string | null;
  accountId: string;
  /**
   * The email address that the provider reported at the time of connecting. For display only; never used for decisions.
   */
  email: string;
  connectedAt: Date;
}

export const flowPurposes = ['sign-in', 'connect', 'confirm'] as const;

export type FlowPurpose = (typeof flowPurposes)[number];

/** A sign-in attempt at a provider, identified by its `state`. */
export interface ProviderFlow {
  stateHash: Hashed;
  provider: Provider;
  purpose: FlowPurpose;
  /** The account that started the attempt; `null` for a sign-in, which needs no account. */
  accountId: string | null;
  /** The path within the app to which the user returns. */
  to: string;
  expiresAt: Date;
}

export const sessionMethods = [
  'password',
  'passkey',
  'sign-up',
  'operator-claim',
  ...providers,
] as const;

export type SessionMethod = (typeof sessionMethods)[number];

export interface Session {
  id: string;
  tokenHash: Hashed;
  accountId: string;
  method: SessionMethod;
  /** Browser and operating system, for display. */
  device: string;
  /** Client address. */
  address: string;
  /** When this browser first signed in to the account. */
  deviceFirstUsedAt: Date;
  /** Milliseconds without use after which the session ends. */
  idle: number;
  createdAt: Date;
  lastUsedAt: Date;
  /** Absolute expiry, regardless of use. */
  expiresAt: Date;
  /** Time of the latest re-authentication. */
  confirmedAt: Date;
}

/** A random value that identifies a browser which signed in to one account. */
export interface DeviceCookie {
  hash: Hashed;
  /** When this browser first signed in to the account. */
  firstUsedAt: Date;
  /** When a sign-in replaced it; `null` for the current one. */
  replacedAt: Date | null;
  /** Other accounts may have the same one: it was created before each account had its own. */
  shared: boolean;
}

/** An audit log entry, stored in the same transaction as what it records. */
export interface SecurityEvent {
  id: string;
  at: Date;
  /** An action of the catalogue in `audit/events.ts`. */
  action: string;
  /** The account whose activity this is. */
  accountId: string;
  /** The account that acted; `null` if the caller was not signed in. */
  actorId: string | null;
  /** What was acted on, if not the account itself. */
  target: string | null;
  /** Client address, and browser and operating system for display. */
  address: string;
  device: string;
}

/** An event whose account only the store knows: the account of the redeemed link. */
export type UnassignedEvent = Omit<SecurityEvent, 'accountId'>;

/** The effects of an undo. A store has a step for each, and `api/undo.ts` the sentence that promises it. */
export const undoEffects = [
  'sessions',
  'password',
  'address',
  'factors',
  'recovery-codes',
  'providers',
  'codes',
  'deletion',
] as const;

export type UndoEffect = (typeof undoEffects)[number];

export const mailStates = ['queued', 'sent', 'kept', 'dropped'] as const;

export interface QueuedMail {
  id: string;
  to: string;
  /** `{subject, text, html}`, sealed in place `mail:ID`. `null` once sent. */
  content: Sealed | null;
  /** The challenge whose code the mail carries. The mail is dropped when that code is replaced or invalidated. */
  challengeId: string | null;
  state: (typeof mailStates)[number];
  /** Number of delivery attempts. */
  tries: number;
  createdAt: Date;
  /** When delivery is next due, or until when a worker holds the mail. */
  dueAt: Date;
  /** After this time the mail is useless and is dropped. */
  expiresAt: Date;
  lastError: string | null;
}

/**
 * An entry of the evidence log, on which the security page is based. `trust/evidence-log` and the signature are
 * responsible for its content and origin. A store keeps it unchanged and never deletes it.
 */
export interface SignedEntry {
  /** Consecutive, from 1. */
  seq: number;
  at: Date;
  /** The entry contains the complete log state, so reading can start with it. */
  checkpoint: boolean;
  /** Compact JWS. */
  jws: string;
}
