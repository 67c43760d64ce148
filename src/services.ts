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

/** The authenticated caller of a request, as one store read returned it. */
export interface Principal {
  session: Session;
  account: Account;
  /** The time from which enrolment is required; `null` if it is not. */
  enrolmentRequiredFrom: Date | null;
}

/** All services of a deployment. The first argument of a use case lists those it needs. */
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
  /** The same for requests of one client network. Networks share the capacity for hashing. */
  of(network: string): Passwords;
  /**
   * Reserves capacity for work that will hash.
   * @throws Problem `unavailable`
   */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
  hash(password: string): Promise<PasswordHash>;
  /**
   * Whether this is the password. With `null` the result is false after the same work, and an older, cheaper hash takes
   * as long as a current one, so that the response time reveals nothing about the address. ASVS 6.3.8.
   */
  verify(password: string, hash: PasswordHash | null): Promise<boolean>;
  /** Whether the hashing parameters have changed since this hash was created. */
  isOutdated(hash: PasswordHash): boolean;
}

/**
 * Binds a provider’s callback to the browser that started the attempt. All values derive from one secret in that
 * browser’s cookie. The server does not store it, so a copy of the database cannot complete a sign-in. RFC 9700 §2.1,
 * §4.7.
 */
export interface FlowSecrets {
  state: string;
  /** PKCE, RFC 7636: the verifier and its SHA-256. */
  verifier: string;
  challenge: string;
  nonce: string;
}

/** A person, as identified by a provider. */
export interface Person {
  /** The provider’s identifier of the person. */
  subject: string;
  /** An address that the provider has verified, in the provider’s spelling; `null` if there is none. */
  email: string | null;
  /** Whether the provider kept the addresses from us, because our app there lacks the permission to read them. */
  emailWithheld?: true;
  name: string | null;
}

/** A sign-in provider: OAuth 2.0 with PKCE. */
export interface ProviderClient {
  /** The server that identifies people here. Their subjects mean nothing at another. */
  issuer: string;
  /** Returns where to redirect the browser. Except for a sign-in, the provider asks the user to pick an account. */
  authorizationUrl(secrets: FlowSecrets, purpose: FlowPurpose): Promise<URL>;
  /**
   * Exchanges the code and returns the person. The tokens are used for that and then discarded.
   * @throws Refused when the user declined; another error when the provider or its response is invalid
   */
  whoCameBack(answer: URLSearchParams, secrets: FlowSecrets): Promise<Person>;
}

export type Providers = Partial<Record<Provider, ProviderClient>>;

export interface Trust {
  /** The opening paragraphs of `security.md`. */
  intro(): Promise<string>;
  /** The current page. Returns the same object for as long as its content does not change. */
  current(): Promise<CurrentView>;
  /** Whether a run is in progress, in any process. */
  isRunning(): Promise<boolean>;
  /** Progress of the run in this process; empty if there is none. */
  steps(): readonly Step[];
  /**
   * Runs all checks and resolves when they have finished. If a run is in progress in any process, waits for that one
   * instead.
   */
  run(trigger: RunTrigger): Promise<void>;
  /** Starts a run without waiting for it. */
  request(trigger: RunTrigger): Promise<void>;
  /**
   * Starts the schedule of the checks.
   * @throws SecuritySourceBroken
   */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A view, and the earliest time at which it may change without a new entry: statuses also depend on the date. */
export interface CurrentView {
  view: TrustView;
  until: Date;
}
