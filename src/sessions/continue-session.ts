import { hashToken, newId, newToken } from '../crypto/token.ts';
import { tokenCookie } from '../http/cookies.ts';
import type { Hashed } from '../records.ts';
import type { Services, Signed } from '../services.ts';
import type { ContinuedSession } from '../store/port/account-changes.ts';

interface NewToken {
  from: Hashed;
  to: Hashed;
  /** Tells the browser, once the store has it. */
  setCookie(headers: Headers): void;
}

/** Another token for a session that continues; it ends when it would have ended. ASVS 7.2.4. */
export function newSessionToken(
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  { session }: Signed,
): NewToken {
  const token = newToken();
  const maxAge = session.expiresAt.getTime() - clock.now().getTime();
  return {
    from: session.tokenHash,
    to: hashToken(token),
    setCookie: (headers) =>
      headers.append(
        'Set-Cookie',
        tokenCookie('flowcept', token, { secure: config.secure, maxAge }),
      ),
  };
}

/** The session under another id and token, with everything else as it was: when it began, ends and was confirmed. It gains nothing. */
export function continuedAs(
  { clock }: Pick<Services, 'clock'>,
  { session }: Signed,
  { from, to }: NewToken,
): ContinuedSession {
  return { from, session: { ...session, id: newId(), tokenHash: to, lastUsedAt: clock.now() } };
}
