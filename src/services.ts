import type { RunTrigger, Step, TrustView } from './api/trust.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Signer } from './crypto/jws.ts';
import type { Keyring } from './crypto/keyring.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Limiter } from './ratelimit/limiter.ts';
import type { Account, FlowPurpose, PasswordHash, Provider, Session } from './records.ts';
import type { Store } from './store/port.ts';

/** Somebody who is signed in, as one store read saw it. */
export interface Principal {
  session: Session;
  account: Account;
  /** From when on the session is held to adding a second factor; `null`: it is not. */
  enrolmentRequiredFrom: Date | null;
}

/** What `wire` constructed. A use-case picks what it needs: its first argument is its dependency list. */
export interface Services {
  config: Config;
  clock: Clock;
  store: Store;
  keyring: Keyring;
  pepper: Buffer;
  signer: Signer;
  passwords: Passwords;
  providers: Providers;
  limiter: Limiter;
  mailer: Mailer;
  log: Log;
  trust: Trust;
}

export interface Passwords {
  /** Room for work that will hash. @throws Problem `unavailable` */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
  hash(password: string): Promise<PasswordHash>;
  /**
   * Whether this is the password. With `null` nothing is, and the work is the same: an address without an account,
   * or with an older, cheaper hash, takes as long as any. ASVS 6.3.8.
   */
  verify(password: string, hash: PasswordHash | null): Promise<boolean>;
  /** The policy has moved since this hash was made. */
  isOutdated(hash: PasswordHash): boolean;
}

/**
 * What binds an answer of a provider to the browser that asked. All of it is made of one secret that only that browser has,
 * in a cookie, so nothing of it is kept here: a copy of the database finishes nobody's sign-in. RFC 9700 §2.1, §4.7.
 */
export interface FlowSecrets {
  state: string;
  /** PKCE, RFC 7636: the verifier, and its SHA-256. */
  verifier: string;
  challenge: string;
  nonce: string;
}

/** Somebody, as a provider knows them. */
export interface Person {
  /** The provider's own name for them. */
  subject: string;
  /** An address that the provider has proved, as it says it; `null` where it vouches for none. */
  email: string | null;
  name: string | null;
}

/** One sign-in provider, by OAuth 2.0 with PKCE. */
export interface ProviderClient {
  /** Where the browser is sent. For anything but a sign-in the person is asked who they are. */
  authorizationUrl(secrets: FlowSecrets, purpose: FlowPurpose): Promise<URL>;
  /**
   * Who came back, by one exchange of the code; its tokens are used for that and forgotten.
   * @throws Refused when the person said no; anything else when the provider, or what came back, is not what it must be
   */
  whoCameBack(answer: URLSearchParams, secrets: FlowSecrets): Promise<Person>;
}

export type Providers = Partial<Record<Provider, ProviderClient>>;

export interface Trust {
  /** The opening paragraphs of `security.md`. */
  intro(): Promise<string>;
  /** The page as it is now. The same object for as long as nothing in it changes. */
  current(): Promise<CurrentView>;
  /** In any process. */
  isRunning(): Promise<boolean>;
  /** How far the run of this process is; empty when there is none. */
  steps(): readonly Step[];
  /** Makes all checks; resolves when they are made. A run that is under way, in any process, is waited for instead. */
  run(trigger: RunTrigger): Promise<void>;
  /** The same without waiting. */
  request(trigger: RunTrigger): Promise<void>;
  /** From now on each check is made when its turn comes. @throws SecuritySourceBroken */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A view, and the first instant at which it may be another one though nothing is recorded: statuses hang on the clock, too. */
export interface CurrentView {
  view: TrustView;
  until: Date;
}
