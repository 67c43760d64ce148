import type { z } from 'zod/mini';
import type { MailItem } from '../api/operators.ts';
import type { listQuery } from '../api/paging.ts';
import { limitedEvent } from '../audit/security-event.ts';
import { canaryDomain } from '../canary-addresses.ts';
import { addMs } from '../clock.ts';
import type { Client } from '../http/client.ts';
import { pageBy } from '../http/paging.ts';
import { leaseTime } from '../mail/delivery.ts';
import { Problem } from '../problems.ts';
import type { QueuedMail } from '../records.ts';
import type { Services, Principal } from '../services.ts';
import { reasonInWords } from './mail-reasons.ts';

/** Returns a page of the emails in one state, newest first: recipient and delivery status, never the content. */
export async function mailQueue(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { state, ...place }: z.infer<typeof listQuery> & { state: QueuedMail['state'] },
) {
  const except = await canaryDomain({ store, clock });
  const page = await pageBy(
    place,
    (from) => store.listMail({ state, except, ...from }),
    ({ id }) => id,
  );
  return { ...page, items: page.items.map(mailView) };
}

function mailView({
  id,
  to,
  challengeId,
  state,
  tries,
  createdAt,
  dueAt,
  lastError,
}: QueuedMail): MailItem {
  return {
    id,
    to,
    about: challengeId === null ? 'notice' : 'code',
    state,
    tries,
    createdAt: createdAt.toISOString(),
    nextTryAt: state === 'queued' ? dueAt.toISOString() : null,
    reason: lastError === null ? null : reasonInWords(lastError),
  };
}

/**
 * Retries a queued email now. One that is due within the time of a lease is left alone: another process may be
 * delivering it, and it will be tried anyway.
 * @throws Problem `not-found` for an email that is no longer queued · `rate-limited`
 */
export async function retryMail(
  deps: Pick<Services, 'store' | 'clock' | 'limiter' | 'mailer'>,
  { principal, id, client }: { principal: Principal; id: string; client: Client },
): Promise<void> {
  const { store, clock, mailer } = deps;
  const mail = await store.findMail(id);
  if (mail?.state !== 'queued') throw new Problem('not-found');
  const { id: accountId } = principal.account;
  const event = await limitedEvent(deps, {
    action: 'operator.mail-retried',
    accountId,
    actorId: accountId,
    target: mail.to,
    client,
  });
  const now = clock.now();
  await store.hastenMail({ id, now, than: addMs(now, leaseTime), event });
  mailer.wake();
}
