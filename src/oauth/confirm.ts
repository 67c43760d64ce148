import { Problem } from '../problems.ts';
import { confirmSession } from '../sessions/confirm-session.ts';
import { confirmationMethods } from '../sessions/confirmation-methods.ts';
import { flowPrincipal } from './connect.ts';
import type { Arrival, Finishing, Destination } from './finish.ts';
import { FlowProblem } from './flow-problem.ts';

/**
 * Re-authenticates the user with a provider. Not accepted for an account with a second factor: there, only a factor
 * counts. ASVS 7.5.1, 7.5.3.
 * @throws FlowProblem `signed-out` · `other-person`
 */
export async function confirmBy(
  deps: Finishing,
  { identity, flow, client }: Arrival,
): Promise<Destination> {
  const principal = await flowPrincipal(deps, flow.accountId, client);
  const owner = await deps.store.findAccountByIdentity(identity);
  if (owner?.id !== principal.account.id) throw new FlowProblem('other-person');
  const methods = await confirmationMethods(deps, principal.account);
  if (!methods.includes(identity.provider)) throw new FlowProblem('other-person');
  const { cookies } = await confirmSession(deps, {
    principal,
    by: { kind: 'provider', ...identity },
    client,
  }).catch((error: unknown) => {
    throw error instanceof Problem && error.kind !== 'not-signed-in'
      ? new FlowProblem('other-person', error)
      : error;
  });
  return { to: flow.to, cookies };
}
