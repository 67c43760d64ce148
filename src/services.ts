import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Signer } from './crypto/jws.ts';
import type { Keyring } from './crypto/keyring.ts';
import type { Providers } from './oauth/providers.ts';
import type { Passwords } from './accounts/password.ts';
import type { Limiter } from './ratelimit/limiter.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Account, Session } from './records.ts';
import type { Store } from './store/port.ts';
import type { Trust } from './trust/trust.ts';

/** Somebody who is signed in, as one store read saw it. */
export interface Signed {
  session: Session;
  account: Account;
  /** From when on the session is held to adding a second factor; `null`: it is not. */
  heldFrom: Date | null;
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
