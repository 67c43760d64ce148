import type { Clock } from '../../clock.ts';

/** What a check wants of a twin that the deployment itself could not survive. */
interface TestInstanceOptions {
  /** Instead of the system's clock: the check moves it. */
  clock?: Clock;
  /** From the first request on, every call of the store throws a plain `Error` with exactly this message. */
  breakStore?: string;
  /** An operator of it has set the rule that every account needs a second factor, without grace. */
  requiresFactor?: boolean;
}

/** The same code, wired once more with a throw-away embedded store, without a listener, a proxy before it, a schedule or checks of its own. */
export interface TestInstance {
  /** `address` is the socket's other end. */
  fetch(request: Request, address: string): Promise<Response>;
  /** The mails that this address got so far, oldest first. */
  takeMail(to: string): Promise<readonly { text: string }[]>;
  logLines(): readonly string[];
  /** Everything that its store was asked for, and given to keep, in words: one entry a call. */
  handedToStore(): readonly string[];
  /** Calls that it made to its mock providers, `POST /path`, in their order. */
  outgoing(): readonly string[];
  /** Tokens that they gave it. */
  tokensGiven(): readonly string[];
  /** Also removes its store. */
  close(): Promise<void>;
}

export type CreateTestInstance = (options: TestInstanceOptions) => Promise<TestInstance>;
