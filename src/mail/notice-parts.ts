import { undoDays } from '../api/durations.ts';
import { layOut, productName, type Message } from './layout.ts';

export interface Happened {
  at: Date;
  /** Browser and operating system from a fixed list of names, never text that a user typed. */
  device: string;
  /** The IP address of the request. */
  address: string;
}

export interface NoticeContext {
  origin: string;
  /**
   * Link for reporting “This wasn’t me”. The token is in the URL fragment, which browsers send to no server, so it
   * appears in no log.
   */
  undo: string;
  /** Whether no further notice of this kind is sent for a while. */
  isLast: boolean;
}

const noMoreForNow =
  'We’ve emailed you about this several times within an hour, so we won’t do so again for up to an hour. The activity in your account lists what happens in the meantime.';

const wasNotMe = 'This wasn’t me';
/** In short. The page behind the link shows all of `undoPromise` before anything happens. */
const whatTheLinkDoes = `The link signs out all devices, invalidates your password and undoes recent changes to your account. It expires in ${undoDays} days.`;

const noActionNeeded =
  'If this was you, no action is needed. If this wasn’t you, secure your account.';

interface AccountNotice {
  title: string;
  paragraphs: readonly string[];
  /** What to do, depending on whether it was the account owner. The link follows. */
  toDo?: string;
}

/** What happened to an account, when and from where, with a button to undo it. */
export function accountNotice(
  happened: Happened,
  context: NoticeContext,
  { title, paragraphs, toDo = noActionNeeded }: AccountNotice,
): Message {
  return layOut({
    subject: `${productName}: ${title}`,
    paragraphs: [...paragraphs, whenAndWhere(happened), toDo],
    ...ending(context, wasNotMe),
  });
}

/** The end of every notice: its link, what that does, and whether more notices follow. */
export function ending({ undo, isLast }: NoticeContext, label: string) {
  return {
    link: { href: undo, label },
    closing: isLast ? `${whatTheLinkDoes} ${noMoreForNow}` : whatTheLinkDoes,
  };
}

export function when({ at }: Pick<Happened, 'at'>): string {
  return `Time: ${dateInWords(at)} UTC`;
}

export function whenAndWhere({ at, device, address }: Happened): string {
  const from = address === '' ? '' : ` · IP address: ${address}`;
  return `${when({ at })} · Device: ${device}${from}`;
}

const inWords = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** The date and time in UTC, for example “December 1, 2026 at 10:15 AM”. */
export function dateInWords(at: Date): string {
  return inWords.format(at);
}
