import type { AttestationJson } from '../api/two-factor.ts';
import { noticeOf } from '../audit/notice.ts';
import { limitedEvent } from '../audit/security-event.ts';
import type { Cookie } from '../cookies.ts';
import { newId } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { factorAdded } from '../mail/factor-notices.ts';
import { Problem, invalidFields } from '../problems.ts';
import type { Factor } from '../records/two-factor.ts';
import type { Services, Principal } from '../services.ts';
import { newSessionToken } from '../sessions/continue-session.ts';
import { stoppedRecovery } from '../sessions/stopped-recovery.ts';
import { refuseTooMany, tooMany } from './most-factors.ts';
import { creationOptions, verifyCreation } from './passkeys.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import type { Added } from './views.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>;

/** Returns the WebAuthn options for creating a passkey for this session’s account. */
export async function beginPasskey(
  deps: Dependencies,
  { account, session }: Principal,
): Promise<Record<string, unknown>> {
  await refuseTooMany(deps, account.id);
  const { factors } = await deps.store.factorsOf(account.id);
  return creationOptions(deps, { account, factors, subjectId: session.id });
}

interface Made {
  principal: Principal;
  response: AttestationJson;
  name: string;
  keepOtherSessions?: boolean | undefined;
  client: Client;
}

/**
 * Stores a passkey that answers a ceremony of this session; it is then asked for at sign-in. The account’s first factor
 * counts as a re-authentication of this session and ends the other sessions, which did not use one, unless the user
 * keeps them. ASVS 6.7.2, 7.4.3; WebAuthn L3 §7.1.
 * @throws Problem `invalid-fields` for a response that is not accepted · `conflict` for a passkey that is already in
 * use, or when the account has the maximum number of factors · `rate-limited`
 */
export async function addPasskey(
  deps: Dependencies,
  { principal, response, name, keepOtherSessions, client }: Made,
): Promise<Added & { cookies: readonly Cookie[] }> {
  const { store, mailer } = deps;
  const { account, session } = principal;
  const made = await verifyCreation(deps, response, session.id);
  if (!made)
    throw invalidFields([
      { path: 'response', message: 'This passkey was not accepted. Start again.' },
    ]);
  const id = newId();
  const event = await limitedEvent(deps, {
    action: 'factor.added',
    accountId: account.id,
    actorId: account.id,
    target: id,
    client,
  });
  // An undo of this notice removes everything that was confirmed at its time or later.
  const now = event.at;
  const factor: Factor = {
    id,
    accountId: account.id,
    type: 'passkey',
    name,
    secret: null,
    ...made,
    confirmedAt: now,
    createdAt: now,
    lastUsedAt: null,
  };
  const { codes, hashes } = newRecoveryCodes();
  const token = newSessionToken(deps, principal);
  const enrolling = {
    id: session.id,
    from: token.from,
    to: token.to,
    keepOthers: keepOtherSessions ?? false,
  };
  const notice = noticeOf(deps, { event, to: account.email, message: factorAdded('passkey') });
  const stopping = stoppedRecovery(deps, account, client);
  const added = await store.addPasskey({
    factor,
    recoveryCodes: hashes,
    session: enrolling,
    notice,
    stopping,
  });
  if (added === 'too-many') throw tooMany();
  if (!added) throw new Problem('conflict', { detail: 'This passkey is already in use.' });
  mailer.wake();
  return { factor, recoveryCodes: added.isFirst ? codes : null, cookies: [token.cookie] };
}
