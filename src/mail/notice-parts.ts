import { undoDays } from '../api/durations.ts';
import { undoPromise, undoSince } from '../api/undo.ts';
import { layOut, productName, type Message } from './layout.ts';

export interface Happened {
  at: Date;
  /** Browser and operating system from a fixed list of names, never text that a user typed. */
  device: string;
  /** The IP address of the request. */
  address: string;
}

export interface NoticeLinks {
  origin: string;
  undo: string;
}

const wasNotMe = 'This wasn’t me';
export const whatTheLinkDoes = `The link is valid for ${undoDays} days. ${undoSince} ${Object.values(undoPromise).join(' ')}`;

interface AccountNotice {
  title: string;
  paragraphs: readonly string[];
  /** What follows the time and place. */
  after?: readonly string[];
  closing?: string;
}

/** What happened to an account, when and from where, with a button to undo it. */
export function accountNotice(
  happened: Happened,
  { undo }: NoticeLinks,
  { title, paragraphs, after = [], closing }: AccountNotice,
): Message {
  return layOut({
    subject: `${productName}: ${title}`,
    paragraphs: [...paragraphs, whenAndWhere(happened), ...after],
    link: { href: undo, label: wasNotMe },
    closing: closing ?? `If it was you, there is nothing to do. ${whatTheLinkDoes}`,
  });
}

export function when({ at }: Pick<Happened, 'at'>): string {
  return `Time: ${dateInWords(at)} UTC`;
}

export function whenAndWhere({ at, device, address }: Happened): string {
  const from = address === '' ? '' : ` · IP address: ${address}`;
  return `${when({ at })} · Device: ${device}${from}`;
}

export function dateInWords(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' at ');
}
