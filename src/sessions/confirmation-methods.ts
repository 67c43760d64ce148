import type { Services } from '../services.ts';
import type { Account, Provider } from '../store/port.ts';
import { methodsOf } from './ask-for-factor.ts';
import type { FactorMethod } from './shapes.ts';

export type ConfirmationMethod = FactorMethod | 'password' | Provider;

/** How this account gives fresh proof: by a factor where it has one, else by its password or at a provider that is joined. ASVS 7.5.3. */
export async function confirmationMethods({ store }: Pick<Services, 'store'>, { id, passwordHash }: Account): Promise<ConfirmationMethod[]> {
  const factors = methodsOf(await store.factorsOf(id));
  if (factors.length > 0) return factors;
  const joined = await store.listIdentities(id);
  return [...(passwordHash === null ? [] : (['password'] as const)), ...joined.map(({ provider }) => provider)];
}
