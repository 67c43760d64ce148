import { layOut, productName, type Message } from './layout.ts';
import { whatTheLinkDoes, when, type Happened, type NoticeLinks } from './notice-parts.ts';

/** What an operator did to an account. The operator's device and address are not shown. */

function operatorNotice(
  happened: Happened,
  { undo }: NoticeLinks,
  { title, what }: { title: string; what: string },
): Message {
  return layOut({
    subject: `${productName}: ${title}`,
    paragraphs: [what, when(happened)],
    link: { href: undo, label: 'Secure my account' },
    closing: `If you don’t know why, ask an operator of this site. ${whatTheLinkDoes}`,
  });
}

export function operatorGranted(happened: Happened, links: NoticeLinks): Message {
  return operatorNotice(happened, links, {
    title: 'You were made an operator',
    what: `An operator of ${links.origin} made your account an operator. It can now see all accounts, rate limits and settings, and sign out any user. Your own sessions were signed out: sign in again.`,
  });
}

export function operatorWithdrawn(happened: Happened, links: NoticeLinks): Message {
  return operatorNotice(happened, links, {
    title: 'Your operator access was removed',
    what: `You are no longer an operator of ${links.origin}. Nothing else about your account has changed.`,
  });
}

export function signedOutByOperator(happened: Happened, links: NoticeLinks): Message {
  return operatorNotice(happened, links, {
    title: 'You were signed out on all devices',
    what: `An operator of ${links.origin} signed your account out on all devices. Your password has not changed: you can sign in again.`,
  });
}
