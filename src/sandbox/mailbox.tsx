import { MailboxPage } from '../../web/pages/mailbox.tsx';
import { messages } from '../../web/pages/messages.ts';
import { page, type PageLayout, type Reader } from '../http/page.tsx';
import type { Delivery } from '../mail/delivery.ts';
import { openMail } from '../mail/mailer.ts';
import type { Services } from '../services.ts';

/**
 * The sandbox mailbox: emails sent while no mail server is configured, newest first. A page for browsers, else JSON.
 */
export async function sandboxMailbox(
  {
    config,
    store,
    keyring,
    delivery,
    layout,
  }: Pick<Services, 'config' | 'store' | 'keyring'> & { delivery: Delivery; layout: PageLayout },
  request: Request,
  { signedIn }: Reader,
): Promise<Response> {
  await delivery.deliverDue();
  // `+` stands for itself: typed by hand, it is a part of an address, which contains no space.
  const query = new URLSearchParams(new URL(request.url).search.replaceAll('+', '%2B'));
  const to = query.get('to')?.trim().toLowerCase() || null;
  const kept = await store.keptMail(to);
  const items = kept.flatMap(({ id, to: address, content, createdAt }) =>
    content === null
      ? []
      : [
          {
            id,
            to: address,
            ...openMail(keyring, { id, content }),
            sentAt: createdAt.toISOString(),
          },
        ],
  );
  const accept = request.headers.get('accept') ?? '';
  if (!accept.includes('text/html')) return Response.json({ items });
  return page(
    layout,
    { title: messages.mailbox.title, signedIn },
    <MailboxPage items={items} to={to} origin={config.origin} />,
  );
}
