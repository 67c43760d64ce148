import type { FactorProof } from '../api/two-factor.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import { confirmSession, type Confirmed } from '../sessions/confirm-session.ts';
import { confirmationMethods } from '../sessions/confirmation-methods.ts';
import { provePassword } from '../sessions/prove-password.ts';
import { requestOptions } from './passkeys.ts';
import { proveFactor } from './prove-factor.ts';

type Dependencies = Pick<
  Services,
  | 'store'
  | 'clock'
  | 'config'
  | 'limiter'
  | 'mailer'
  | 'passwords'
  | 'keyring'
  | 'log'
  | 'providers'
>;
interface Confirmation {
  principal: Principal;
  proof: { password: string } | FactorProof;
  client: Client;
}

/**
 * Re-authenticates the user for ten minutes. For an account with a second factor, only a factor counts. ASVS 7.5.1,
 * 7.5.3.
 * @throws Problem `wrong-credentials` · `wrong-code` · `confirmation-required` with `methods` · `rate-limited`
 */
export async function confirm(
  deps: Dependencies,
  { principal, proof, client }: Confirmation,
): Promise<Confirmed> {
  const { account, session } = principal;
  if ('password' in proof) {
    const methods = await confirmationMethods(deps, account);
    if (!methods.includes('password'))
      throw new Problem('confirmation-required', { members: { methods } });
    await provePassword(deps, account, proof.password);
    // An account without a password cannot have verified one above.
    if (account.passwordHash === null) throw new Problem('wrong-credentials');
    return confirmSession(deps, {
      principal,
      by: { kind: 'password', hash: account.passwordHash },
      client,
    });
  }
  const occasion = { purpose: 'confirm', subjectId: session.id } as const;
  return proveFactor(deps, { account, proof, occasion, firstProof: null }, (by) =>
    confirmSession(deps, { principal, by, client }),
  );
}

/** Returns the WebAuthn options for re-authenticating with one of the account’s passkeys. */
export async function passkeyForConfirming(
  deps: Dependencies,
  { account, session }: Principal,
): Promise<Record<string, unknown>> {
  const { factors } = await deps.store.factorsOf(account.id);
  return requestOptions(deps, { factors, purpose: 'confirm', subjectId: session.id });
}
