import type { FactorMethod } from '../api/sessions.ts';
import type { FactorProof } from '../api/two-factor.ts';
import { liveChallenge } from '../challenges/redeem-challenge.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { PendingSignIn } from '../records/two-factor.ts';
import type { Services } from '../services.ts';
import { methodsOf } from '../sessions/ask-for-factor.ts';
import { beginSession, type Entered } from '../sessions/begin-session.ts';
import type { FactorUse } from '../store/port/factors.ts';
import { requestOptions } from './passkeys.ts';
import { countingTries, useFactor } from './prove-factor.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'keyring' | 'log'
>;

interface Finish {
  challenge: string;
  proof: FactorProof;
  client: Client;
}

/**
 * Completes a sign-in after the first proof. In one transaction the challenge ends, the factor is used and the session
 * begins. The attempt is counted before the factor is compared. ASVS 6.3.3, 6.6.2.
 * @throws Problem `wrong-code` with `attemptsLeft` · `challenge-over` · `not-found` · `wrong-purpose` · `rate-limited`
 */
export async function finishSignIn(
  deps: Dependencies,
  { challenge: id, proof, client }: Finish,
): Promise<{ account: Account; entered: Entered }> {
  const { pending, account } = await pendingSignIn(deps, id);
  const { method, stay, provenHash, provenIssuer, provenSubject } = pending;
  const occasion = { purpose: 'second-factor', subjectId: id } as const;
  const begin = (use: FactorUse) =>
    beginSession(deps, {
      account,
      method,
      stay,
      provenHash,
      provenIssuer,
      provenSubject,
      factor: { challengeId: id, use },
      client,
    });
  const entered = await countingTries(deps, account, async () => {
    const attemptsLeft = await takeAttempt(deps, id);
    return useFactor(deps, { account, proof, occasion, firstProof: method }, begin).catch(
      (error: unknown) => sayAttemptsLeft(error, attemptsLeft),
    );
  });
  return { account, entered };
}

/** Returns the methods for this challenge, for a browser that was redirected to it. */
export async function methodsForSignIn(deps: Dependencies, id: string): Promise<FactorMethod[]> {
  const { account } = await pendingSignIn(deps, id);
  return methodsOf(await deps.store.factorsOf(account.id));
}

/** Returns the WebAuthn options for completing this challenge with one of the account’s passkeys. */
export async function passkeyForSignIn(
  deps: Dependencies,
  id: string,
): Promise<Record<string, unknown>> {
  const { account } = await pendingSignIn(deps, id);
  const { factors } = await deps.store.factorsOf(account.id);
  return requestOptions(deps, { factors, purpose: 'second-factor', subjectId: id });
}

/**
 * Returns the pending sign-in of this challenge.
 * @throws Problem `not-found` · `wrong-purpose` · `challenge-over`
 */
export async function pendingSignIn(
  deps: Pick<Services, 'store' | 'clock'>,
  id: string,
): Promise<{ pending: PendingSignIn; account: Account }> {
  await liveChallenge(deps, id, ['second-factor']);
  const pending = await deps.store.findPendingSignIn(id);
  const account = pending && (await deps.store.findAccount(pending.accountId));
  if (!pending || !account) throw new Problem('challenge-over');
  return { pending, account };
}

async function takeAttempt({ store, clock }: Dependencies, id: string): Promise<number> {
  const attemptsLeft = await store.takeAttempt({ id, now: clock.now() });
  if (attemptsLeft === null) throw new Problem('challenge-over');
  return attemptsLeft;
}

function sayAttemptsLeft(error: unknown, attemptsLeft: number): never {
  if (!(error instanceof Problem) || error.kind !== 'wrong-code') throw error;
  throw new Problem('wrong-code', { detail: error.message, members: { attemptsLeft } });
}
