import { noticeOf } from '../audit/notice.ts';
import { limitedEvent } from '../audit/security-event.ts';
import type { Cookie } from '../cookies.ts';
import { seal } from '../crypto/seal.ts';
import { newId } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { factorAdded } from '../mail/factor-notices.ts';
import { Problem } from '../problems.ts';
import type { Factor } from '../records/two-factor.ts';
import type { Services, Principal } from '../services.ts';
import { newSessionToken } from '../sessions/continue-session.ts';
import { stoppedRecovery } from '../sessions/stopped-recovery.ts';
import { refuseTooMany, tooMany } from './most-factors.ts';
import { countingTries, stepOf } from './prove-factor.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import { newTotpSecret, totpEnrolment } from './totp.ts';
import type { Added } from './views.ts';

type Dependencies = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'keyring' | 'log'
>;

/**
 * Creates a secret for an authenticator app, which is shown only once. It has no effect until the user enters a code.
 * ASVS 6.3.3, 13.3.1.
 */
export async function beginTotp(
  deps: Dependencies,
  { account }: Principal,
): Promise<{ id: string; secret: string; uri: string; qr: string }> {
  const { store, clock, config, keyring } = deps;
  await refuseTooMany(deps, account.id);
  const id = newId();
  const secret = newTotpSecret();
  const nothing = {
    credentialId: null,
    publicKey: null,
    transports: null,
    uvInitialized: false,
    confirmedAt: null,
    lastUsedAt: null,
  };
  const sealed = seal(keyring, `factor:${id}`, secret);
  await store.openFactor({
    id,
    accountId: account.id,
    type: 'totp',
    name: 'Authenticator app',
    secret: sealed,
    counter: 0,
    createdAt: clock.now(),
    ...nothing,
  });
  return {
    id,
    secret,
    ...totpEnrolment({ secret, email: account.email, host: config.publicUrl.host }),
  };
}

interface FirstCode {
  principal: Principal;
  id: string;
  code: string;
  keepOtherSessions?: boolean | undefined;
  client: Client;
}

/**
 * Activates the factor with its first code, whose time step then counts as used. The account’s first factor counts as a
 * re-authentication of this session and ends the other sessions, which did not use one, unless the user keeps them.
 * ASVS 7.4.3.
 * @throws Problem `wrong-code` · `not-found` · `conflict` · `rate-limited`
 */
export async function confirmTotp(
  deps: Dependencies,
  { principal, id, code, keepOtherSessions, client }: FirstCode,
): Promise<Added & { cookies: readonly Cookie[] }> {
  const { store, mailer } = deps;
  const { account } = principal;
  const factor = await store.findFactor({ accountId: account.id, id });
  if (!factor || factor.type !== 'totp' || factor.confirmedAt !== null)
    throw new Problem('not-found');
  const counter = await countingTries(deps, account, async () => rightStep(deps, factor, code));
  const { codes, hashes } = newRecoveryCodes();
  const event = await limitedEvent(deps, {
    action: 'factor.added',
    accountId: account.id,
    actorId: account.id,
    target: id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: factorAdded('totp') });
  const stopping = stoppedRecovery(deps, account, client);
  // An undo of this notice removes everything that was confirmed at its time or later.
  const now = event.at;
  const token = newSessionToken(deps, principal);
  const session = {
    id: principal.session.id,
    from: token.from,
    to: token.to,
    keepOthers: keepOtherSessions ?? false,
  };
  const confirmed = await store.confirmFactor({
    accountId: account.id,
    id,
    counter,
    recoveryCodes: hashes,
    session,
    notice,
    stopping,
    now,
  });
  if (confirmed === 'too-many') throw tooMany();
  if (!confirmed) throw new Problem('conflict');
  mailer.wake();
  return {
    factor: { ...factor, counter, confirmedAt: now, lastUsedAt: now },
    recoveryCodes: confirmed.isFirst ? codes : null,
    cookies: [token.cookie],
  };
}

function rightStep(deps: Dependencies, factor: Factor, code: string): number {
  const step = stepOf(deps, factor, code);
  if (step === null)
    throw new Problem('wrong-code', {
      detail:
        'That code is incorrect. Enter the current code from your app, and check that the clock of its device is right.',
    });
  return step;
}
