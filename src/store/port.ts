/**
 * The store port: every record that Flowcept keeps and every intention it has on them.
 *
 * Each method is atomic by itself, across any number of processes; what must change together is one method.
 * A method rejects with {@link StoreUnavailable} when the database does not answer within about four seconds, a write on behalf
 * of a principal with {@link AuthorityLost}, and with nothing else for anything that a request can cause. Adapters know no feature, make no ids and read no clock.
 */

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** AES-256-GCM envelope, only made by `crypto/seal.ts`. */
export type Sealed = Brand<'Sealed'>;
/** SHA-256 or HMAC-SHA-256 of a secret, base64url, only made in `crypto/`. */
export type Hashed = Brand<'Hashed'>;
/** Scheme, pepper id and bcrypt hash, only made by `accounts/password.ts`. */
export type PasswordHash = Brand<'PasswordHash'>;

/** The database did not answer, or refused for reasons that pass (busy, full, failing over). */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The database answers, but must not be used: unknown schema, wrong key, refused credentials. Ends the start. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** The principal of a write lost the right to it: nothing was written. */
export class AuthorityLost extends Error {
  override readonly name = 'AuthorityLost';
}

/** A principal as the database has them when a transaction begins. */
export interface PrincipalState {
  session: Session;
  account: Account;
  /** When the oldest of the account's second factors was confirmed; `null`: it has none. */
  factorSince: Date | null;
}

/**
 * On whose behalf something is written, and while it may be: see `authority.ts`. Every transaction asks `permits` before
 * anything else, and conflicts with each one that ends the session or changes the account.
 */
export interface Authority {
  /** Found by the token that was presented: a session that continues under another one is not this principal's. */
  tokenHash: Hashed;
  accountId: string;
  permits(state: PrincipalState): boolean;
}

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

/** What became of one guess. `over`: expired, spent, used or void. An attempt is taken before the code is compared, and stays taken whatever fails afterwards. */
export type Redemption<Yield> =
  | ({ kind: 'redeemed' } & Yield)
  | { kind: 'wrong'; attemptsLeft: number }
  | { kind: 'over' };

export const providers = ['google', 'github'] as const;
export type Provider = (typeof providers)[number];

/** Somebody at a provider, joined to an account. An account has one of each provider at most, and each belongs to one account. */
export interface Identity {
  provider: Provider;
  /** The provider's own name for them, which never changes and is never given to anybody else. */
  subject: string;
  accountId: string;
  /** As the provider called them when they were joined: for a person to recognise, never to decide by. */
  email: string;
  joinedAt: Date;
}

export const flowPurposes = ['sign-in', 'join', 'confirm'] as const;
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

/** A session that takes the place of the one with this token, which ends. Whoever makes it gives it no more than that one had. */
export interface ContinuedSession {
  from: Hashed;
  session: Session;
}

/**
 * The session in which a second factor is added. It continues under another token. With the account’s first factor it counts as
 * confirmed, by that factor, and every other session, which never gave one, ends. With `keepOthers` they stay, and none of them
 * counts as confirmed at that time or later, whatever its clock said.
 */
export interface EnrollingSession {
  id: string;
  from: Hashed;
  to: Hashed;
  keepOthers: boolean;
}

export const factorTypes = ['totp', 'passkey'] as const;
export type FactorType = (typeof factorTypes)[number];

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

/**
 * One use of a second factor that was found right. It counts once: the counter must be above the one that is kept, or both 0;
 * the recovery code must be there, and is gone afterwards. `initializesUv`: the passkey is `uvInitialized` from then on.
 */
export type FactorUse =
  | { kind: 'factor'; factorId: string; counter: number; initializesUv: boolean }
  | { kind: 'recovery-code'; codeHash: Hashed };

/** `stopping` is recorded, and its mail is queued, if the use of the factor stops a {@link FactorRecovery}. */
export type StoppingFactorUse = FactorUse & { stopping: Notice };

/**
 * What a re-authentication was made with. The password and a provider count only while the account has no second factor, and the
 * password is still this one, or this person at the provider still connected.
 */
export type ConfirmedBy<Use extends FactorUse = StoppingFactorUse> =
  | Use
  | { kind: 'password'; hash: PasswordHash }
  | ({ kind: 'provider' } & Pick<Identity, 'provider' | 'subject'>);

/** Confirmed ones of one account. It needs a few; ASVS 2.4.1 wants an end. */
export const mostFactors = 10;

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

/** How many accounts have a second factor, and how many operators, of how many. */
export interface FactorCount {
  accounts: number;
  enrolled: number;
  operators: number;
  enrolledOperators: number;
}

export type FactorAdded = { isFirst: boolean } | 'too-many' | null;

/** Why a session did not begin. */
export type Begun =
  | 'begun'
  | 'account-closing'
  | 'password-changed'
  | 'provider-dropped'
  | 'challenge-over'
  | 'factor-spent'
  | 'factor-due'
  | 'recovery-over';

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

/** What goes with a session that begins. */
export interface SessionBeginning {
  keep: number;
  replacing: string | null;
  /** The mark by which the account knows the browser from now until then; those that it replaces are remembered as that until `outdatedUntil` at most. */
  device: { hash: Hashed; until: Date; replaces: readonly Hashed[]; outdatedUntil: Date };
  /** What the password was proven against: a change that came between ends this session before it begins. `null`: another proof. */
  provenHash: PasswordHash | null;
  /** The same for somebody at a provider: where they are not joined to the account any more, no session begins. `null`: another proof. */
  provenIdentity: Pick<Identity, 'provider' | 'subject'> | null;
  /** The second factor, and the challenge that asked for it, which ends. `none`: the account must still have none. `settled`: whatever it has. */
  factor: { challengeId: string | null; use: StoppingFactorUse } | 'none' | 'settled';
  /** Recorded when the recovery of lost factors is used: it is open, every factor and code goes, and every other session ends. `null`: it is not. */
  recovered: SecurityEvent | null;
  event: SecurityEvent;
  notice: Omit<Notice, 'event'> | null;
}

/** How often something may happen. With `waits`, each take from `limit` on shuts the key for the next wait. */
export interface LimitRule {
  limit: number;
  /** Milliseconds: without `waits` a window from the first take, with `waits` the quiet time that forgets. */
  window: number;
  /** Milliseconds, the last one repeats. */
  waits?: readonly number[];
}
/** `shuts`: the take was the last one for now. */
export type LimitTaken = { allowed: true; shuts: boolean } | { allowed: false; retryAt: Date };

/** A key that is shut now: its next take is refused. */
export interface ShutLimit {
  key: string;
  /** Whom it counts, sealed in place `limit:KEY`. */
  subject: Sealed;
  until: Date;
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

/**
 * A link in a notice, by which an account's owner says that it was not them. The store keeps with it the address that the
 * account has at that moment, and which of the account's links came before it.
 */
export interface Undo {
  tokenHash: Hashed;
  accountId: string;
  /** What was added at this instant or later is not the owner's. */
  since: Date;
  expiresAt: Date;
}

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

/** What an undo did: since when, and what the account did to others since then, which stays as it is. */
export interface Undone {
  account: Account;
  /** `taken`: another account has the address, which waits to be restored by the same link. */
  address: 'restored' | 'taken';
  since: Date;
  doneToOthers: SecurityEvent[];
}

/**
 * What goes with a change of an account: it is recorded, and its owner may be told, with a way to undo it. The mail goes to
 * the address that the account has when the change is kept, whatever it was when the request began.
 */
export interface Notice {
  event: SecurityEvent;
  mail: QueuedMail;
  undo: Undo;
}

/** An account as an operator's list has it. */
export interface ListedAccount {
  account: Account;
  /** Sessions alive, and the newest use of any of them. */
  sessions: number;
  lastUsedAt: Date | null;
}

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
export type MailOutcome =
  | { kind: 'sent' }
  /** The sandbox mailbox keeps its content. */
  | { kind: 'kept' }
  | { kind: 'retry'; dueAt: Date; reason: string }
  | { kind: 'dropped'; reason: string };

/**
 * One link of the chain in which all is kept that the security page rests on. What stands in it, and that nobody else wrote it,
 * is between `trust/chain` and the signature: a store keeps it as it is, for ever.
 */
export interface ChainLink {
  /** From 1, without a gap. */
  seq: number;
  at: Date;
  /** It says by itself what stood when it was made, so that reading may begin with it. */
  checkpoint: boolean;
  /** Compact JWS. */
  jws: string;
}

export interface Store {
  /** Brings the schema up to date, once however many processes call it at the same instant. @throws StoreUnusable */
  prepare(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;

  /* Deployment */
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

  /* Accounts */
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

  /**
   * A new password, if the hash is still `from` and `continued` is still there: every other session of the account ends, its open
   * `recover` challenges are void and its {@link FactorRecovery} is deleted.
   */
  changePassword(input: {
    accountId: string;
    from: PasswordHash;
    to: PasswordHash;
    continued: ContinuedSession | null;
    notice: Notice;
  }): Promise<boolean>;
  renameAccount(input: {
    accountId: string;
    name: string;
    event: SecurityEvent;
  }): Promise<Account | null>;
  /**
   * Redeems a `recover` challenge: the account has this password, every session of it ends and no device is known any more,
   * its other `recover` challenges and their mails are void, as are sign-ins that wait for a second factor, and its {@link FactorRecovery} is deleted.
   * A challenge without a subject, or whose account is gone or has another address by now, is `over`. `passwordHash` is asked once the code was found right,
   * and what it throws is thrown: the challenge stays open.
   */
  redeemRecovery(input: {
    challengeId: string;
    codeHash: Hashed;
    passwordHash: () => Promise<PasswordHash>;
    notice: Notice;
    now: Date;
  }): Promise<Redemption<{ account: Account }>>;
  /**
   * Makes an operator, whose sessions end, or takes it back. `refused`: who asks, the event's actor, is none by then.
   * `last`: there would be none. `unchanged`: there is no such account, or it is so already.
   */
  changeOperator(input: {
    accountId: string;
    operator: boolean;
    notice: Notice;
  }): Promise<'changed' | 'unchanged' | 'last' | 'refused'>;
  /**
   * Uses up an undo, and with it every other one of the account: whichever it is, it undoes what any live one could, which is
   * what came since the earliest `since` of those that are live, and the account has the address again that the first of them
   * was issued to. It has no password until it is recovered, every session ends, no device is known, every challenge about the
   * account is void, its {@link FactorRecovery} is deleted, it is not closing; factors, recovery codes and identities that came since
   * are gone, and every identity with `everyProvider`. `tell` makes the mail to each address that a live undo was issued to,
   * or that the account had until now. `event.accountId` is replaced by the account's. `doneToOthers` are events whose actor the account is,
   * of another account or of these `actions`.
   * While another account has the address, all of that is done and the account is found by no address (see {@link Account}); links
   * that were issued to the address to restore are valid until `keptUntil` instead of used up, and each does all of it again.
   * `null` when it was used or has expired.
   */
  redeemUndo(input: {
    tokenHash: Hashed;
    everyProvider: boolean;
    actions: readonly string[];
    event: SecurityEvent;
    tell: (told: { email: string; address: Undone['address'] | 'elsewhere' }) => QueuedMail;
    keptUntil: Date;
    now: Date;
  }): Promise<Undone | null>;

  /**
   * Redeems a `change-email` challenge: the account has the challenge's address, codes that went to the one before are void, and
   * nobody's sign-up of the new one can be redeemed any more. Where that is the address of a live undo, those that were issued
   * to other addresses since are void: the account is back where its owner was. No link is valid for longer than the notice’s.
   * `taken`: another account has it by now.
   */
  redeemEmailChange(input: {
    challengeId: string;
    codeHash: Hashed;
    notice: Notice;
    now: Date;
  }): Promise<Redemption<{ account: Account }> | { kind: 'taken' }>;

  /* Providers */
  insertFlow(flow: ProviderFlow): Promise<void>;
  /** Uses a flow up: of all that ask at once, one gets it. Also when it has expired, which the caller judges. */
  takeFlow(stateHash: Hashed): Promise<ProviderFlow | null>;
  findAccountByIdentity(identity: Pick<Identity, 'provider' | 'subject'>): Promise<Account | null>;
  /** In the order in which they were joined. */
  listIdentities(accountId: string): Promise<Identity[]>;
  /**
   * Makes an account of somebody at a provider, who has proved its address. Open sign-ups and challenges of the address are
   * void as in `redeemSignUp`. `taken`: the address has an account, or the identity is joined to one.
   */
  openAccount(input: {
    account: Account;
    identity: Identity;
    event: SecurityEvent;
    now: Date;
  }): Promise<{ kind: 'opened' | 'taken' }>;
  /** `taken`: it is joined to an account, or the account has another one of this provider. `over`: the session is gone. */
  joinIdentity(input: {
    identity: Identity;
    sessionId: string;
    notice: Notice;
  }): Promise<{ kind: 'joined' | 'taken' | 'over' }>;
  /** Every session but `keepSessionId` ends. `last`: the account has no password and nobody else joined, so it stays. */
  dropIdentity(input: {
    accountId: string;
    provider: Provider;
    keepSessionId: string;
    notice: Notice;
  }): Promise<{ kind: 'dropped' | 'last' | 'none' }>;

  /** Every session ends, and none begins until it is opened again. `last`: there would be no operator. `unchanged`: it is closing already. */
  closeAccount(input: {
    accountId: string;
    erasedAt: Date;
    notice: Notice;
  }): Promise<'closing' | 'unchanged' | 'last'>;
  /** A secret by which a closing account can be opened again, in place of the one before: when it is erased otherwise. `null`: it is not closing. */
  offerReopening(input: {
    accountId: string;
    tokenHash: Hashed;
    expiresAt: Date;
  }): Promise<Date | null>;
  /** Uses it up: the account is as it was. `event.accountId` is replaced by the account's. False when it was used, replaced or has expired. */
  reopenAccount(input: { tokenHash: Hashed; event: SecurityEvent; now: Date }): Promise<boolean>;
  /** Erases the accounts whose time has come, and answers how many. Of what was recorded ids and actions stay, and no address, device or target. */
  eraseClosed(now: Date): Promise<number>;

  /* Activity */
  /** Events of this account, newest first, those before `before` in that order; of these actions alone, and none older than `since`, where that is given. */
  listEvents(input: {
    accountId: string;
    actions?: readonly string[];
    since?: Date;
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** Events of these actions, whosever they are, in the same order. */
  listActions(input: {
    actions: readonly string[];
    before: string | null;
    limit: number;
  }): Promise<SecurityEvent[]>;
  /** For what changes no record, or none that its event could be kept with. */
  recordEvent(event: SecurityEvent): Promise<void>;

  /* Challenges */
  /** A challenge that stands alone, with its mail. */
  openChallenge(input: { challenge: Challenge; mail: QueuedMail }): Promise<void>;
  findChallenge(id: string): Promise<Challenge | null>;
  /** Puts a new code in place of the old one, which is dead from then on, as is its undelivered mail. `null` when it is over. */
  renewChallenge(input: {
    id: string;
    codeHash: Hashed;
    attemptsLeft: number;
    expiresAt: Date;
    mail: QueuedMail;
    now: Date;
  }): Promise<Challenge | null>;

  /* Sessions */
  /**
   * Only `sessions/begin-session.ts` calls this. Of the account's sessions the newest `keep` stay. The device is known from
   * now on, by a mark of its own for this account, the challenge is over and the factor used, which stops the account's {@link FactorRecovery}. Nothing is kept, nor used,
   * when its hash is not `provenHash` any more, `provenIdentity` is not joined to it, the challenge is over, the factor was used
   * so before, or the recovery is not open. `account-closing`: all of that was right, the challenge is over and the factor used.
   */
  insertSession(session: Session, also: SessionBeginning): Promise<Begun>;
  /**
   * The session and its account in one read; also when it has expired, which the caller judges. `heldFrom`: from when on it is held
   * to adding a second factor, by the {@link FactorRule}; `null` where there is no rule or the account has a factor.
   */
  findSession(
    tokenHash: Hashed,
  ): Promise<{ session: Session; account: Account; heldFrom: Date | null } | null>;
  touchSession(id: string, at: Date): Promise<void>;
  /**
   * Re-authentication: the session continues under another token; a factor that is used stops the account's {@link FactorRecovery}.
   * `gone`: or it was confirmed under another token meanwhile. `factor-due`: only a factor counts by now. `unproven`: the password
   * was changed, or the provider disconnected, meanwhile.
   */
  confirmSession(input: {
    accountId: string;
    id: string;
    from: Hashed;
    to: Hashed;
    by: ConfirmedBy;
    at: Date;
    event: SecurityEvent;
  }): Promise<'confirmed' | 'gone' | 'factor-spent' | 'factor-due' | 'unproven'>;
  /** Those alive at `now`, newest use first. */
  listSessions(accountId: string, now: Date): Promise<Session[]>;
  endSession(input: { accountId: string; id: string; event: SecurityEvent }): Promise<boolean>;
  /** Nothing is recorded when there was none. */
  endOtherSessions(input: {
    accountId: string;
    keepId: string;
    event: SecurityEvent;
  }): Promise<number>;
  /** Ends them all, and tells their owner. Nothing is recorded and nobody is told when there was none. */
  endAllSessions(input: { accountId: string; notice: Notice }): Promise<number>;
  /** Those of these marks that the account knows or knew, and remembers at `now`. */
  deviceMarks(input: {
    hashes: readonly Hashed[];
    accountId: string;
    now: Date;
  }): Promise<DeviceMark[]>;

  /* Second factors */
  /** The challenge and what it stands for. */
  openSecondFactor(input: { challenge: Challenge; pending: PendingSignIn }): Promise<void>;
  findPendingSignIn(challengeId: string): Promise<PendingSignIn | null>;
  /** Takes an attempt from an open challenge, before an answer is compared: how many are left; `null` when it is over. */
  takeAttempt(input: { id: string; now: Date }): Promise<number | null>;
  /** Those that are confirmed, oldest first, and how many recovery codes are left. */
  factorsOf(accountId: string): Promise<{ factors: Factor[]; recoveryCodesLeft: number }>;
  findFactor(input: { accountId: string; id: string }): Promise<Factor | null>;
  findPasskey(credentialId: string): Promise<Factor | null>;
  /** A factor that is to be confirmed; another one of the account that was is gone. */
  openFactor(factor: Factor): Promise<void>;
  /** The factor counts from now on. It stops the account's {@link FactorRecovery}, which is recorded and told as `stopping`; one that was used is deleted. The account's first one brings its recovery codes. `null` when it is gone or confirmed already, or the session is gone. `too-many`: there are {@link mostFactors}. */
  confirmFactor(input: {
    accountId: string;
    id: string;
    counter: number;
    recoveryCodes: readonly Hashed[];
    session: EnrollingSession | null;
    notice: Notice;
    stopping: Notice;
    now: Date;
  }): Promise<FactorAdded>;
  /** The same for a passkey, which is confirmed as it is made. `null` when its credential is known already, or the session is gone. */
  addPasskey(input: {
    factor: Factor;
    recoveryCodes: readonly Hashed[];
    session: EnrollingSession | null;
    notice: Notice;
    stopping: Notice;
  }): Promise<FactorAdded>;
  /** In place of all that there were. False, and nothing changes, for an account without a confirmed factor. */
  replaceRecoveryCodes(input: {
    accountId: string;
    recoveryCodes: readonly Hashed[];
    notice: Notice;
  }): Promise<boolean>;
  /** With the last confirmed one its recovery codes go too. */
  removeFactor(input: { accountId: string; id: string; notice: Notice }): Promise<boolean>;
  /**
   * Begins the wait of whoever is half signed in by this challenge. One that waits already stays as it is, and nobody is told again.
   * `null`, and nothing is kept, when the challenge is over, its password was changed, or the account has no factor.
   */
  openFactorRecovery(input: {
    recovery: FactorRecovery;
    challengeId: string;
    notice: Notice;
    now: Date;
  }): Promise<FactorRecovery | null>;
  findFactorRecovery(accountId: string): Promise<FactorRecovery | null>;
  /** Stopping one again changes nothing, and nothing more is recorded or told. False when there is none to stop at the event's time. */
  stopFactorRecovery(stopping: Notice): Promise<boolean>;
  findFactorRule(): Promise<FactorRule | null>;
  /** In place of the one before; `null` lifts it. False, and nothing is recorded, when the event’s actor is no operator or has no second factor. */
  setFactorRule(input: { rule: FactorRule | null; event: SecurityEvent }): Promise<boolean>;
  /** Without accounts of the domain `except`, but with operators. */
  countFactors(except: string | null): Promise<FactorCount>;
  openCeremony(ceremony: Ceremony): Promise<void>;
  /** Ends it, whatever comes of it. `null` when it was taken, has expired, or was for something else. */
  takeCeremony(input: {
    challengeHash: Hashed;
    purpose: CeremonyPurpose;
    now: Date;
  }): Promise<{ subjectId: string | null } | null>;

  /* Limits */
  /**
   * Takes one from `key` if the rule allows it; exact under any number of parallel takes.
   * A fresh key has used 0. Shut until T: refused, `retryAt` T. Without `waits`: the take that finds `limit` used is
   * refused until the window ends. With `waits`: take number n ≥ limit is allowed and shuts the key for
   * `waits[min(n - limit, waits.length - 1)]`; it is fresh again once it has been open and unused for `window`.
   * `subject` says whom the key counts.
   */
  takeLimit(key: string, rule: LimitRule, now: Date, subject: Sealed): Promise<LimitTaken>;
  /** Gives one back, and opens the key. Nothing happens to a fresh key. */
  refundLimit(key: string): Promise<void>;
  clearLimit(key: string): Promise<void>;
  /** The keys that are shut at `now`, the one that opens last first, at most 500. */
  shutLimits(now: Date): Promise<ShutLimit[]>;
  /** The same as clearing it, recorded. False, and nothing is recorded, for a key that was never taken or all of it given back. */
  liftLimit(input: { key: string; event: SecurityEvent }): Promise<boolean>;

  /* Mail */
  insertMail(mail: QueuedMail): Promise<void>;
  /** The queued mail that has been due longest and is not held, its `dueAt` moved to `leaseUntil`, its `tries` counted up. */
  claimMail(now: Date, leaseUntil: Date): Promise<QueuedMail | null>;
  /**
   * Settles a queued mail as it was claimed; `sent` and `dropped` erase its content. Nothing happens once its lease has
   * passed to somebody else.
   */
  settleMail(claimed: Pick<QueuedMail, 'id' | 'dueAt'>, outcome: MailOutcome): Promise<void>;
  findMail(id: string): Promise<QueuedMail | null>;
  /** Mails in one state, newest first, those before `before` in that order; none to an address of the domain `except`. */
  listMail(input: {
    state: QueuedMail['state'];
    except: string | null;
    before: string | null;
    limit: number;
  }): Promise<QueuedMail[]>;
  /** Makes a queued mail due at `now` that is due later than `than`. False, and nothing is recorded, when it is not. */
  hastenMail(input: { id: string; now: Date; than: Date; event: SecurityEvent }): Promise<boolean>;
  /** Mails in state `kept`, newest first, at most 200. */
  keptMail(to: string | null): Promise<QueuedMail[]>;
  /** Queued mail to this domain is left where it is until `until`. */
  holdMail(domain: string, until: Date): Promise<void>;
  /** Every domain whose mail was ever held and that was not erased since. */
  heldDomains(): Promise<string[]>;
  /** Takes the queued mails to a held domain out of the queue, oldest first: they are gone afterwards. */
  takeHeldMail(domain: string): Promise<QueuedMail[]>;

  /* Trust */
  /** Puts a link at the end of the chain. False, and nothing is kept, when its `seq` is not the next: another one came first. */
  appendLink(link: ChainLink): Promise<boolean>;
  newestLink(): Promise<ChainLink | null>;
  /** Those whose `seq` is greater, oldest first. */
  linksAfter(seq: number, limit: number): Promise<ChainLink[]>;
  /** `seq` of the newest checkpoint made at that time or before; `null` when there is none. */
  checkpointBefore(at: Date): Promise<number | null>;
  /** Every password hash there is, of accounts and of open sign-ups. */
  eachPasswordHash(): AsyncIterable<PasswordHash>;
  /** Erases everything about addresses of this domain, and the hold on it. */
  eraseDomain(domain: string): Promise<void>;
}
