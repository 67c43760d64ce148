import { noticeOf } from '../audit/notice.ts';
import { limitedEvent } from '../audit/security-event.ts';
import { refuseReserved } from '../canary-addresses.ts';
import { issueChallenge, type Letter } from '../challenges/issue-challenge.ts';
import { limitCodeMail } from '../challenges/limit-code-mail.ts';
import { liveChallenge, redeemChallenge } from '../challenges/redeem-challenge.ts';
import type { Config } from '../config.ts';
import type { Client } from '../http/client.ts';
import { rightsOf } from '../http/guards.ts';
import { emailChanged } from '../mail/account-notices.ts';
import { addressInUse, changeEmail } from '../mail/code-messages.ts';
import { Problem } from '../problems.ts';
import type { Account, Challenge } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { authenticate } from '../sessions/authenticate.ts';
import { authorityOf } from '../sessions/rights.ts';
import { onBehalfOf } from '../store/authority.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'log' | 'mailer' | 'pepper'
>;

/**
 * Sends a code to the new address. The account keeps its old address until the code is entered. If the new address
 * already has an account, the response is the same, and that address gets a notice instead of a code. ASVS 6.3.8,
 * 7.5.1.
 * @throws Problem `invalid-fields` for a reserved address · `rate-limited`
 */
export async function startEmailChange(
  deps: Dependencies,
  { principal, email, client }: { principal: Principal; email: string; client: Client },
): Promise<Challenge> {
  const { store, config, mailer } = deps;
  refuseReserved(email);
  const taken = await store.findAccountByEmail(email);
  await limitCodeMail(deps, { email, accountId: taken?.id ?? null, client });
  const { challenge, mail } = issueChallenge(deps, {
    purpose: 'change-email',
    email,
    subjectId: principal.account.id,
    letter: emailChangeLetter(taken !== null, config),
  });
  await store.openChallenge({ challenge, mail });
  mailer.wake();
  return challenge;
}

export function emailChangeLetter(isTaken: boolean, { origin }: Pick<Config, 'origin'>): Letter {
  return isTaken
    ? { kind: 'notice', message: addressInUse({ origin }) }
    : { kind: 'code', write: (code) => changeEmail({ origin, code }) };
}

/**
 * Changes the email address of the signed-in user’s account. The code must have been issued to this user for the new
 * address. The old address is notified and can undo the change for seven days.
 * @throws Problem as `redeemChallenge` · `not-signed-in` · `conflict` when another account took the address in the
 * meantime
 */
export async function finishEmailChange(
  deps: Dependencies,
  { id, code, client }: { id: string; code: string; client: Client },
): Promise<Account> {
  const { clock, mailer } = deps;
  const principal = await moverOf(deps, id, client);
  const { account } = principal;
  const store = onBehalfOf(deps.store, authorityOf(deps, principal, rightsOf.signedIn));
  const event = await limitedEvent(deps, {
    action: 'account.email-changed',
    accountId: account.id,
    actorId: account.id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: emailChanged });
  const moved = await redeemChallenge(
    deps,
    { id, purpose: 'change-email', code, client },
    async (codeHash) => {
      const outcome = await store.redeemEmailChange({
        challengeId: id,
        codeHash,
        notice,
        now: clock.now(),
      });
      if (outcome.kind === 'taken')
        throw new Problem('conflict', { detail: 'Another account has this address now.' });
      return outcome;
    },
  );
  mailer.wake();
  return moved.account;
}

/**
 * Only the user who requested the code can redeem it. The same applies to a decoy challenge, which has no correct code.
 */
async function moverOf(deps: Dependencies, id: string, client: Client): Promise<Principal> {
  const principal = await authenticate(deps, client.sessionToken, { whileEnrolling: true });
  if (!principal) throw new Problem('not-signed-in');
  const { subjectId } = await liveChallenge(deps, id, ['change-email']);
  if (subjectId !== principal.account.id) throw new Problem('not-found');
  return principal;
}
