import type { FactorMethod } from '../api/sessions.ts';
import type { Account, Provider } from '../records.ts';
import type { Services } from '../services.ts';
import { methodsOf } from './ask-for-factor.ts';

export type ConfirmationMethod = FactorMethod | 'password' | Provider;

/** How this account gives fresh proof here: by a factor where it has one, else by its password or at a connected provider that is configured. ASVS 7.5.3. */
export async function confirmationMethods(
  { store, providers }: Pick<Services, 'store' | 'providers'>,
  { id, passwordHash }: Account,
): Promise<ConfirmationMethod[]> {
  const factors = methodsOf(await store.factorsOf(id));
  if (factors.length > 0) return factors;
  const connected = await store.listIdentities(id);
  return [
    ...(passwordHash === null ? [] : (['password'] as const)),
    ...connected.map(({ provider }) => provider).filter((provider) => providers[provider]),
  ];
}
