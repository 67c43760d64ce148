import { layOut, productName, type Message } from './layout.ts';
import { ending, when, type Happened, type NoticeContext } from './notice-parts.ts';

/** What an operator did to an account. The operator's device and address are not shown. */

function operatorNotice(
  happened: Happened,
  context: NoticeContext,
  { title, what }: { title: string; what: string },
): Message {
  return layOut({
    subject: `${productName}: ${title}`,
    paragraphs: [
      what,
      when(happened),
      'If you weren’t expecting this, contact an operator of this site. If someone else may have access to your account, secure it.',
    ],
    ...ending(context, 'Secure my account'),
  });
}

export function operatorGranted(happened: Happened, context: NoticeContext): Message {
  return operatorNotice(happened, context, {
    title: 'You were made an operator',
    what: `An operator of ${context.origin} made you an operator. You can now see all accounts, rate limits and settings, and sign out any user. You were signed out on all devices: sign in again.`,
  });
}

export function operatorWithdrawn(happened: Happened, context: NoticeContext): Message {
  return operatorNotice(happened, context, {
    title: 'Your operator role was removed',
    what: `You are no longer an operator of ${context.origin}. Nothing else about your account has changed.`,
  });
}

export function signedOutByOperator(happened: Happened, context: NoticeContext): Message {
  return operatorNotice(happened, context, {
    title: 'You were signed out on all devices',
    what: `An operator of ${context.origin} signed you out on all devices. Your password hasn’t changed, so you can sign in again.`,
  });
}
