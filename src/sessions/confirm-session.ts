import { limitedEvent } from '../audit/security-event.ts';
import type { Client } from '../http/endpoint.ts';
import { Problem } from '../problems.ts';
import type { Services, Signed } from '../services.ts';
import type { FactorUse, Session } from '../store/port.ts';
import { newSessionToken } from './continue-session.ts';

interface Proof {
  who: Signed;
  /** The factor that was given; `null`: the password was. */
  use: FactorUse | null;
  client: Client;
  headers: Headers;
}

/** Fresh proof was given: the session goes on under a value that nobody has seen before. ASVS 7.2.4, 7.5.1. */
export async function confirmSession(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter'>,
  { who, use, client, headers }: Proof,
): Promise<Session> {
  const { account, session } = who;
  const at = deps.clock.now();
  const { from, to, setCookie } = newSessionToken(deps, who);
  const event = await limitedEvent(deps, { action: 'session.confirmed', accountId: account.id, actorId: account.id, target: session.id, client });
  const input = { accountId: account.id, id: session.id, from, to, use, at, event };
  const confirmed = await deps.store.confirmSession(input);
  if (confirmed === 'gone') throw new Problem('not-signed-in');
  if (confirmed === 'factor-spent') throw new Problem('wrong-code', { cause: 'this was used before' });
  setCookie(headers);
  return { ...session, confirmedAt: at };
}
