import type { Clock } from '../../clock.ts';

/** Options of a test instance, for faults that the deployment itself must not have. */
interface TestInstanceOptions {
  /** Replaces the system clock; the check moves it. */
  clock?: Clock;
  /** From the first request on, every call of the store throws a plain `Error` with exactly this message. */
  breakStore?: string;
  /** An operator has set the second-factor rule, without a grace period. */
  requiresFactor?: boolean;
}

/** The same code with a temporary embedded store, and without a listener, proxies, a schedule or checks. */
export interface TestInstance {
  /** `address` is the client’s socket address. */
  fetch(request: Request, address: string): Promise<Response>;
  /** The mails to this address so far, oldest first. */
  takeMail(to: string): Promise<readonly { text: string }[]>;
  logLines(): readonly string[];
  /** Everything passed to its store, as text: one item per call. */
  handedToStore(): readonly string[];
  /** Requests to its mock providers in order, as `POST /path`. */
  outgoing(): readonly string[];
  /** Tokens that the mock providers issued to it. */
  tokensGiven(): readonly string[];
  /** Also removes its store. */
  close(): Promise<void>;
}

export type CreateTestInstance = (options: TestInstanceOptions) => Promise<TestInstance>;
