import type { Cookie } from '../cookies.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import type { Hashed } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import type { ContinuedSession } from '../store/port/account-changes.ts';

interface NewToken {
  from: Hashed;
  to: Hashed;
  /** For the browser, once the store has it. */
  cookie: Cookie;
}

/** Another token for a session that continues; it ends when it would have ended. ASVS 7.2.4. */
export function newSessionToken(
  { clock }: Pick<Services, 'clock'>,
  { session }: Principal,
): NewToken {
  const token = newToken();
  const maxAge = session.expiresAt.getTime() - clock.now().getTime();
  return {
    from: session.tokenHash,
    to: hashToken(token),
    cookie: { name: 'flowcept', tokens: [token], maxAge },
  };
}

/** The session under another id and token, with everything else as it was: when it began, ends and was confirmed. It gains nothing. */
export function continuedAs(
  { clock }: Pick<Services, 'clock'>,
  { session }: Principal,
  { from, to }: NewToken,
): ContinuedSession {
  return { from, session: { ...session, id: newId(), tokenHash: to, lastUsedAt: clock.now() } };
}
