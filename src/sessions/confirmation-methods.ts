import type { FactorMethod } from '../api/sessions.ts';
import type { Account, Identity, Provider } from '../records.ts';
import type { Providers, Services } from '../services.ts';
import { methodsOf } from './ask-for-factor.ts';

export type ConfirmationMethod = FactorMethod | 'password' | Provider;

/**
 * Returns how the account can re-authenticate: with a factor if it has one, else with its password, else with a connected
 * provider that is configured. A provider counts only without the others, because it asks a user who is signed in there
 * for nothing: Google supports neither `max_age` nor `prompt=login`. ASVS 7.5.3.
 */
export async function confirmationMethods(
  { store, providers }: Pick<Services, 'store' | 'providers'>,
  { id, passwordHash }: Account,
): Promise<ConfirmationMethod[]> {
  const factors = methodsOf(await store.factorsOf(id));
  if (factors.length > 0) return factors;
  if (passwordHash !== null) return ['password'];
  const connected = await store.listIdentities(id);
  return connected.filter((one) => isUsable(providers, one)).map(({ provider }) => provider);
}

/** Whether the provider is configured, and is the server with which the identity was connected. */
export function isUsable(
  providers: Providers,
  { provider, issuer }: Pick<Identity, 'provider' | 'issuer'>,
): boolean {
  return issuer !== null && providers[provider]?.issuer === issuer;
}
