import { securityEvent } from '../audit/security-event.ts';
import { redeemChallenge } from '../challenges/redeem-challenge.ts';
import { newId } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import { beginSession, type Entered } from '../sessions/begin-session.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'pepper'>;

/**
 * Verifies an email address: creates the account of the sign-up that the code belongs to and signs the user in. The
 * first sign-up to verify an address wins; every other pending sign-up for it becomes invalid. ASVS 6.4.1, 6.8.1.
 * @throws Problem as `redeemChallenge`
 */
export async function verifyEmail(
  deps: Dependencies,
  { id, code, client }: { id: string; code: string; client: Client },
): Promise<{ account: Account; entered: Entered }> {
  const { account } = await redeemChallenge(
    deps,
    { id, purpose: 'verify-email', code, client },
    (codeHash) => {
      const accountId = newId();
      const event = securityEvent(deps, {
        action: 'account.created',
        accountId,
        actorId: accountId,
        client,
      });
      return deps.store.redeemSignUp({
        challengeId: id,
        codeHash,
        accountId,
        event,
        now: deps.clock.now(),
      });
    },
  );
  const entered = await beginSession(deps, {
    account,
    method: 'sign-up',
    stay: false,
    provenHash: null,
    provenIssuer: null,
    provenSubject: null,
    factor: 'settled',
    client,
  });
  return { account, entered };
}
