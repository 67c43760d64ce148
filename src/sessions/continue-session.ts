import type { Cookie } from '../cookies.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import type { Hashed } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import type { ContinuedSession } from '../store/port/account-changes.ts';
import { lifetimes } from './lifetimes.ts';

interface NewToken {
  from: Hashed;
  to: Hashed;
  /** Sent to the browser once the session is stored. */
  cookie: Cookie;
}

/** Creates a new token for a session that continues. The session’s expiry does not change, nor whether the
 * browser forgets it when closed. ASVS 7.2.4. */
export function newSessionToken(
  { clock }: Pick<Services, 'clock'>,
  { session }: Principal,
): NewToken {
  const token = newToken();
  const stays = session.idle === lifetimes.stay.idle;
  const maxAge = stays ? session.expiresAt.getTime() - clock.now().getTime() : null;
  return {
    from: session.tokenHash,
    to: hashToken(token),
    cookie: { name: 'flowcept', tokens: [token], maxAge },
  };
}

/** Returns the session under another ID and token. Its start, expiry and last re-authentication stay the same. */
export function continuedAs(
  { clock }: Pick<Services, 'clock'>,
  { session }: Principal,
  { from, to }: NewToken,
): ContinuedSession {
  return { from, session: { ...session, id: newId(), tokenHash: to, lastUsedAt: clock.now() } };
}
