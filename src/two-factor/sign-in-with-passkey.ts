import type { AssertionJson } from '../api/two-factor.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import { beginSession, type Entered } from '../sessions/begin-session.ts';
import { passkeyProblems, verifyAssertion } from './passkeys.ts';

const notAlone =
  'This passkey has not been used with a PIN, fingerprint or face yet, so it works only as a second factor. Sign in with your password first.';

interface Presented {
  response: AssertionJson;
  client: Client;
}

/**
 * Signs in with a passkey alone. The device is one factor and its user verification the other. A passkey that never
 * verified its user before is rejected: it may be a found security key on which someone set a PIN. WebAuthn L3 §4,
 * `uvInitialized`. ASVS 6.3.3, 6.7.2.
 * @throws Problem `wrong-credentials` · `user-verification-required`
 */
export async function signInWithPasskey(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>,
  { response, client }: Presented,
): Promise<{ account: Account; entered: Entered }> {
  const verified = await verifyAssertion(deps, response, { purpose: 'sign-in', subjectId: null });
  if (verified === 'counter-fell')
    throw new Problem('wrong-credentials', { detail: passkeyProblems[verified] });
  const account =
    verified === 'unaccepted' ? null : await deps.store.findAccount(verified.factor.accountId);
  if (verified === 'unaccepted' || !account)
    throw new Problem('wrong-credentials', {
      detail: 'This passkey is unknown or was not accepted.',
    });
  const { factor, counter, userVerified } = verified;
  if (!factor.uvInitialized) throw new Problem('user-verification-required', { detail: notAlone });
  if (!userVerified) throw new Problem('user-verification-required');
  const use = { kind: 'factor', factorId: factor.id, counter, initializesUv: false } as const;
  const entered = await beginSession(deps, {
    account,
    method: 'passkey',
    stay: false,
    provenHash: null,
    provenIssuer: null,
    provenSubject: null,
    factor: { challengeId: null, use },
    client,
  });
  return { account, entered };
}
