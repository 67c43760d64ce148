/** What Flowcept keeps: brands of values, records, and the lists of values that several layers share. */

declare const brand: unique symbol;

type Brand<Name extends string> = string & { readonly [brand]: Name };

/** AES-256-GCM envelope, only made by `crypto/seal.ts`. */
export type Sealed = Brand<'Sealed'>;

/** SHA-256 or HMAC-SHA-256 of a secret, base64url, only made in `crypto/`. */
export type Hashed = Brand<'Hashed'>;

/** Scheme, pepper id and bcrypt hash, only made by `accounts/password.ts`. */
export type PasswordHash = Brand<'PasswordHash'>;

export interface Account {
  id: string;
  /**
   * Normal form: lower case, domain in punycode. Unique, but for an account whose address another one has since an undo: this is
   * the address that waits to be restored, where its mail goes, and no address finds that account.
   */
  email: string;
  name: string;
  /** `null` for people who only sign in through a provider. */
  passwordHash: PasswordHash | null;
  operator: boolean;
  createdAt: Date;
}

/** A sign-up that nobody has proved yet. Several may stand open for one address. */
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
  /** Where the code went. */
  email: string;
  /** The sign-up or account that redeeming acts on; `null` for a challenge that exists for show. */
  subjectId: string | null;
  codeHash: Hashed;
  attemptsLeft: number;
  sentAt: Date;
  expiresAt: Date;
  /** When it was redeemed, or made void by another one. */
  endedAt: Date | null;
}

export const providers = ['google', 'github'] as const;

export type Provider = (typeof providers)[number];

/** A person at a provider, connected to an account. An account has one of each provider at most, and each belongs to one account. */
export interface Identity {
  provider: Provider;
  /** The provider's own name for them, which never changes and is never given to anybody else. */
  subject: string;
  accountId: string;
  /** As the provider called them when they were connected: for a person to recognise, never to decide by. */
  email: string;
  connectedAt: Date;
}

export const flowPurposes = ['sign-in', 'connect', 'confirm'] as const;

export type FlowPurpose = (typeof flowPurposes)[number];

/** Somebody on their way to a provider and back: what their `state` stands for. */
export interface ProviderFlow {
  stateHash: Hashed;
  provider: Provider;
  purpose: FlowPurpose;
  /** Who began it; `null` for a sign-in, which nobody has to begin. */
  accountId: string | null;
  /** The path within the app where it ends. */
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
  /** Browser and system in words. */
  device: string;
  /** Client address. */
  address: string;
  /** When this browser signed in to the account for the first time. */
  deviceFirstUsedAt: Date;
  /** Milliseconds without use after which it ends. */
  idle: number;
  createdAt: Date;
  lastUsedAt: Date;
  /** The end in all, however much it is used. */
  expiresAt: Date;
  /** Newest fresh proof of who sits there. */
  confirmedAt: Date;
}

export const factorTypes = ['totp', 'passkey'] as const;

type FactorType = (typeof factorTypes)[number];

/** What an account's owner has, beside the password. */
export interface Factor {
  id: string;
  accountId: string;
  type: FactorType;
  name: string;
  /** TOTP: the shared secret, sealed in place `factor:ID`. */
  secret: Sealed | null;
  /** Passkey: its id, which no other one has, and its COSE public key, both base64url; transports separated by commas. */
  credentialId: string | null;
  publicKey: string | null;
  transports: string | null;
  /** TOTP: the newest time step that was accepted. Passkey: its signature counter, 0 where it does not count. */
  counter: number;
  /** Passkey: it verified its user when it was added, or once later beside a password. Only then may it sign in alone. WebAuthn L3 §4. */
  uvInitialized: boolean;
  /** `null` until it was tried once: until then it is asked for nowhere. */
  confirmedAt: Date | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** Confirmed ones of one account. It needs a few; ASVS 2.4.1 wants an end. */
export const maxFactors = 10;

/** A sign-in whose first proof was right, while its second is due. It has the id of its challenge, and can do nothing else. */
export interface PendingSignIn {
  id: string;
  accountId: string;
  method: SessionMethod;
  stay: boolean;
  provenHash: PasswordHash | null;
  /** Who it is at the provider that is the method; `null`: another proof. */
  provenSubject: string | null;
  expiresAt: Date;
}

/** The slow way back for somebody who lost every second factor. An account has one at most. */
export interface FactorRecovery {
  accountId: string;
  /** From then on, and before `closesAt`, the first proof suffices, once: every factor goes with it. */
  opensAt: Date;
  closesAt: Date;
  usedAt: Date | null;
  /** A factor or the owner stopped it. It is kept until it closes, because the owner must learn that it was started. */
  stoppedAt: Date | null;
}

/** That every account has a second factor. */
export interface FactorRule {
  /** From then on an account without one can do nothing but add one. */
  from: Date;
}

export const ceremonyPurposes = ['register', 'sign-in', 'second-factor', 'confirm'] as const;

export type CeremonyPurpose = (typeof ceremonyPurposes)[number];

/** A WebAuthn ceremony that began: its challenge is good for one answer, for this purpose and this subject alone. */
export interface Ceremony {
  challengeHash: Hashed;
  purpose: CeremonyPurpose;
  /** A session, or a challenge; `null` where nobody is known yet. */
  subjectId: string | null;
  expiresAt: Date;
}

/** One mark of a browser that signed in to one account. */
export interface DeviceMark {
  hash: Hashed;
  /** When this browser signed in to the account for the first time. */
  firstUsedAt: Date;
  /** When a sign-in put another one in its place; `null`: it is the newest. */
  replacedAt: Date | null;
  /** It may be the mark of other accounts, too: it was made before each account had one of its own. */
  shared: boolean;
}

/** One entry of the record of security events, kept together with what it records. */
export interface SecurityEvent {
  id: string;
  at: Date;
  /** One of the catalogue in `audit/events.ts`. */
  action: string;
  /** Whose activity it is. */
  accountId: string;
  /** Who did it; `null` for somebody who was not signed in. */
  actorId: string | null;
  /** What it was done to, where that is not the account itself. */
  target: string | null;
  /** Client address, and browser and system in words. */
  address: string;
  device: string;
}

/** One whose account only the store knows: that of the link which is redeemed. */
export type UnassignedEvent = Omit<SecurityEvent, 'accountId'>;

/** What an undo does, one row each: a store has a step for every one of them, and `audit/shapes.ts` the sentence that promises it. */
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
  /** The challenge whose code it carries: it is dropped when that code is replaced or void. */
  challengeId: string | null;
  state: (typeof mailStates)[number];
  /** Deliveries tried so far. */
  tries: number;
  createdAt: Date;
  /** When it is next due, or until when somebody is delivering it. */
  dueAt: Date;
  /** After this it is of no use to anybody and is dropped. */
  expiresAt: Date;
  lastError: string | null;
}

/**
 * One link of the chain in which all is kept that the security page rests on. What stands in it, and that nobody else wrote it,
 * is between `trust/chain` and the signature: a store keeps it as it is, for ever.
 */
export interface SignedEntry {
  /** From 1, without a gap. */
  seq: number;
  at: Date;
  /** It says by itself what stood when it was made, so that reading may begin with it. */
  checkpoint: boolean;
  /** Compact JWS. */
  jws: string;
}
