import { securityEvent } from '../audit/security-event.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import { tokenCookie } from '../http/cookies.ts';
import type { Client } from '../http/endpoint.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import type { Session } from '../store/port.ts';
import { provePassword } from './prove-password.ts';

interface Proof {
  who: Signed;
  password: string;
  client: Client;
  headers: Headers;
}

/** Fresh proof by the password: the session goes on under a value that nobody has seen before. ASVS 7.2.4, 7.5.1. */
export async function confirmSession(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'passwords'>,
  { who, password, client, headers }: Proof,
): Promise<Session> {
  const { account, session } = who;
  await provePassword(deps, account, password);
  const at = deps.clock.now();
  const token = newToken();
  const event = securityEvent(deps, { action: 'session.confirmed', accountId: account.id, actorId: account.id, target: session.id, client });
  const confirmed = await deps.store.confirmSession({ id: session.id, from: session.tokenHash, to: hashToken(token), at, event });
  if (!confirmed) throw new Problem('not-signed-in');
  const maxAge = session.expiresAt.getTime() - at.getTime();
  headers.append('Set-Cookie', tokenCookie('flowcept', token, { secure: deps.config.secure, maxAge }));
  return { ...session, confirmedAt: at };
}
