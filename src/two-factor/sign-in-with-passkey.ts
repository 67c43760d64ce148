import type { Client } from '../http/endpoint.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { beginSession } from '../sessions/begin-session.ts';
import type { Account } from '../store/port.ts';
import { verifyAssertion } from './passkeys.ts';
import type { AssertionJson } from './shapes.ts';

interface Presented {
  response: AssertionJson;
  client: Client;
  headers: Headers;
}

/**
 * Signs in by a passkey alone: it is something one has, and it asked who holds it, so it is both factors. ASVS 6.3.3, 6.7.2.
 * @throws Problem `wrong-credentials`
 */
export async function signInWithPasskey(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>,
  { response, client, headers }: Presented,
): Promise<Account> {
  const verified = await verifyAssertion(deps, response, { purpose: 'sign-in', subjectId: null });
  const account = verified && (await deps.store.findAccount(verified.factor.accountId));
  if (!account) throw new Problem('wrong-credentials', { detail: 'This passkey is not known here, or was not accepted.' });
  const use = { kind: 'factor', factorId: verified.factor.id, counter: verified.counter } as const;
  await beginSession(deps, { account, method: 'passkey', stay: false, provenHash: null, factor: { challengeId: null, use }, client, headers });
  return account;
}
