import { providerAttemptMinutes } from '../api/durations.ts';
import { addMs, minute } from '../clock.ts';
import type { Cookie } from '../cookies.ts';
import { hashToken, newToken } from '../crypto/token.ts';
import type { FlowPurpose, Provider } from '../records.ts';
import type { Services, Principal, ProviderClient } from '../services.ts';
import { FlowProblem } from './flow-problem.ts';
import { flowCookieName, flowSecrets } from './flow-secrets.ts';

/** The user may have to find a password and sign in at the provider first. */
const flowLifetime = providerAttemptMinutes * minute;

interface Start {
  provider: Provider;
  via: ProviderClient;
  purpose: FlowPurpose;
  /** A path that is safe to redirect to. */
  to: string;
  principal: Principal | null;
}

/**
 * Starts a sign-in attempt: returns the provider’s URL and a cookie with a new secret. Of the values derived from the
 * secret, only the hash of `state` is stored.
 * @throws FlowProblem
 */
export async function startFlow(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { provider, via, purpose, to, principal }: Start,
): Promise<{ url: URL; cookie: Cookie }> {
  const token = newToken();
  const secrets = flowSecrets(token);
  const url = await via.authorizationUrl(secrets, purpose).catch((error: unknown) => {
    throw new FlowProblem('provider-failed', error);
  });
  const expiresAt = addMs(clock.now(), flowLifetime);
  await store.insertFlow({
    stateHash: hashToken(secrets.state),
    provider,
    purpose,
    accountId: principal?.account.id ?? null,
    to,
    expiresAt,
  });
  return { url, cookie: { name: flowCookieName(token), tokens: [token], maxAge: flowLifetime } };
}
