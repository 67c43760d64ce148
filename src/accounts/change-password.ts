import { noticeOf } from '../audit/notice.ts';
import { limitedEvent } from '../audit/security-event.ts';
import type { Client } from '../http/endpoint.ts';
import { passwordChanged } from '../mail/messages.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import { beginSession } from '../sessions/begin-session.ts';
import { lifetimes } from '../sessions/lifetimes.ts';
import { provePassword } from '../sessions/prove-password.ts';
import { refuseGuessable } from './refuse-guessable.ts';

interface Change {
  who: Signed;
  current: string;
  next: string;
  client: Client;
  headers: Headers;
}

/** Another password, against the current one: every session ends, and this browser gets a new one. ASVS 6.2.3, 7.4.3. */
export async function changePassword(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'passwords'>,
  { who, current, next, client, headers }: Change,
): Promise<void> {
  const { store, mailer, passwords } = deps;
  const { account, session } = who;
  refuseGuessable(next, account, 'next');
  await provePassword(deps, account, current);
  const to = await passwords.hash(next);
  const event = await limitedEvent(deps, { action: 'password.changed', accountId: account.id, actorId: account.id, client });
  const notice = noticeOf(deps, { event, to: account.email, message: passwordChanged });
  const changed = account.passwordHash !== null && (await store.changePassword({ accountId: account.id, from: account.passwordHash, to, notice }));
  if (!changed) throw new Problem('conflict');
  mailer.wake();
  await beginSession(deps, { account, method: session.method, stay: session.idle === lifetimes.stay.idle, provenHash: to, factor: 'settled', client, headers });
}
