import { limitedEvent } from '../audit/security-event.ts';
import type { Cookie } from '../cookies.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Session } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import type { FactorUse } from '../store/port/factors.ts';
import type { ConfirmedBy } from '../store/port/sessions.ts';
import { confirmationMethods } from './confirmation-methods.ts';
import { newSessionToken } from './continue-session.ts';
import { stoppedRecovery } from './stopped-recovery.ts';

interface Proof {
  principal: Principal;
  by: ConfirmedBy<FactorUse>;
  client: Client;
}

export interface Confirmed {
  session: Session;
  cookies: readonly Cookie[];
}

/**
 * Records a re-authentication. The session continues under another token, if the proof is still valid at the time of
 * the write. ASVS 7.2.4, 7.5.1.
 * @throws Problem `not-signed-in` · `wrong-code` · `wrong-credentials` · `confirmation-required` with the `methods`
 * that count by now
 */
export async function confirmSession(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'providers' | 'mailer'>,
  { principal, by, client }: Proof,
): Promise<Confirmed> {
  const { account, session } = principal;
  const at = deps.clock.now();
  const { from, to, cookie } = newSessionToken(deps, principal);
  const event = await limitedEvent(deps, {
    action: 'session.confirmed',
    accountId: account.id,
    actorId: account.id,
    target: session.id,
    client,
  });
  const usesFactor = by.kind === 'factor' || by.kind === 'recovery-code';
  const proof = usesFactor ? { ...by, stopping: stoppedRecovery(deps, account, client) } : by;
  const input = { accountId: account.id, id: session.id, from, to, by: proof, at, event };
  const confirmed = await deps.store.confirmSession(input);
  if (confirmed === 'gone') throw new Problem('not-signed-in');
  if (confirmed === 'factor-spent')
    throw new Problem('wrong-code', { cause: 'this was used before' });
  if (confirmed === 'unproven')
    throw new Problem('wrong-credentials', { cause: 'this was changed or disconnected meanwhile' });
  if (confirmed === 'factor-due')
    throw new Problem('confirmation-required', {
      members: { methods: await confirmationMethods(deps, account) },
    });
  if (usesFactor) deps.mailer.wake();
  return { session: { ...session, confirmedAt: at }, cookies: [cookie] };
}
