import { providerNames } from '../api/providers.ts';
import { noticeOf } from '../audit/notice.ts';
import { limitedEvent, securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import { rightsOf } from '../http/guards.ts';
import { providerConnected, providerDisconnected } from '../mail/account-notices.ts';
import { Problem } from '../problems.ts';
import type { Provider } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { authenticate } from '../sessions/authenticate.ts';
import { authorityOf } from '../sessions/rights.ts';
import { onBehalfOf } from '../store/authority.ts';
import { AuthorityLost } from '../store/port/errors.ts';
import type { Arrival, Finishing, Destination } from './finish.ts';
import { FlowProblem } from './flow-problem.ts';
import { issuersOf } from './providers.ts';
import { provedEmail } from './sign-in.ts';

/**
 * Connects a provider account to the signed-in account. The user who started the attempt must still be signed in. The
 * account owner is notified and can undo it. ASVS 6.3.7, 7.5.1.
 * @throws FlowProblem `signed-out` · `email-unverified` · `connected-elsewhere`
 */
export async function connectBy(
  deps: Finishing,
  { identity: key, person, flow, client }: Arrival,
): Promise<Destination> {
  const { store, mailer } = deps;
  const principal = await flowPrincipal(deps, flow.accountId, client);
  const { account, session } = principal;
  const { provider } = key;
  const email = provedEmail(person);
  const owner = await store.findAccountByIdentity(key);
  const destination = { to: flow.to, cookies: [] };
  if (owner?.id === account.id) return destination;
  const event = await limitedEvent(deps, {
    action: 'provider.connected',
    accountId: account.id,
    actorId: account.id,
    target: provider,
    client,
  });
  const notice = noticeOf(deps, {
    event,
    to: account.email,
    message: providerConnected(providerNames[provider]),
  });
  const identity = { ...key, accountId: account.id, email, connectedAt: event.at };
  const bound = onBehalfOf(store, authorityOf(deps, principal, rightsOf.signedIn));
  const { kind } = await bound
    .connectIdentity({ identity, sessionId: session.id, notice })
    .catch((error: unknown) => {
      throw error instanceof AuthorityLost ? new FlowProblem('signed-out') : error;
    });
  if (kind === 'over') throw new FlowProblem('signed-out');
  if (kind === 'taken') throw new FlowProblem('connected-elsewhere');
  mailer.wake();
  return destination;
}

/**
 * Returns the signed-in user if they started this attempt.
 * @throws FlowProblem `signed-out`
 */
export async function flowPrincipal(
  deps: Finishing,
  accountId: string | null,
  client: Client,
): Promise<Principal> {
  const principal = await authenticate(deps, client.sessionToken, { whileEnrolling: true });
  if (!principal || principal.account.id !== accountId) throw new FlowProblem('signed-out');
  return principal;
}

/**
 * Disconnects the provider, which can then no longer sign in to the account. Every other session of the account ends.
 * @throws Problem `not-found` · `last-way-in`
 */
export async function disconnectProvider(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'mailer' | 'providers'>,
  {
    principal: { account, session },
    provider,
    client,
  }: { principal: Principal; provider: Provider; client: Client },
): Promise<void> {
  const event = securityEvent(deps, {
    action: 'provider.disconnected',
    accountId: account.id,
    actorId: account.id,
    target: provider,
    client,
  });
  const notice = noticeOf(deps, {
    event,
    to: account.email,
    message: providerDisconnected(providerNames[provider]),
  });
  const { kind } = await deps.store.disconnectIdentity({
    accountId: account.id,
    provider,
    issuers: issuersOf(deps.providers),
    keepSessionId: session.id,
    notice,
  });
  if (kind === 'none') throw new Problem('not-found');
  if (kind === 'last')
    throw new Problem('last-way-in', {
      detail: `${providerNames[provider]} is your only way to sign in. Set a password first.`,
    });
  deps.mailer.wake();
}
