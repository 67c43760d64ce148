import { noticeOf } from '../audit/notice.ts';
import { limitedEvent, securityEvent } from '../audit/security-event.ts';
import type { Client } from '../http/client.ts';
import { factorRemoved, recoveryCodesRenewed } from '../mail/factor-notices.ts';
import { Problem } from '../problems.ts';
import type { Services, Principal } from '../services.ts';
import { newRecoveryCodes } from './recovery-codes.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>;

/**
 * Removes a factor. Removing the last one also deletes the recovery codes.
 * @throws Problem `not-found`
 */
export async function removeFactor(
  deps: Dependencies,
  { account }: Principal,
  { id, client }: { id: string; client: Client },
): Promise<void> {
  const factor = await deps.store.findFactor({ accountId: account.id, id });
  if (!factor) throw new Problem('not-found');
  const event = securityEvent(deps, {
    action: 'factor.removed',
    accountId: account.id,
    actorId: account.id,
    target: id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: factorRemoved(factor.type) });
  if (!(await deps.store.removeFactor({ accountId: account.id, id, notice })))
    throw new Problem('not-found');
  deps.mailer.wake();
}

/**
 * Creates new recovery codes, which are shown only once. The previous ones become invalid.
 * @throws Problem `conflict` for an account without a factor
 */
export async function renewRecoveryCodes(
  deps: Dependencies,
  { account }: Principal,
  client: Client,
): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes();
  const event = await limitedEvent(deps, {
    action: 'factor.codes-renewed',
    accountId: account.id,
    actorId: account.id,
    client,
  });
  const notice = noticeOf(deps, { event, to: account.email, message: recoveryCodesRenewed });
  const replaced = await deps.store.replaceRecoveryCodes({
    accountId: account.id,
    recoveryCodes: hashes,
    notice,
  });
  if (!replaced)
    throw new Problem('conflict', {
      detail: 'Add a second factor first: recovery codes are a backup for it.',
    });
  deps.mailer.wake();
  return codes;
}
