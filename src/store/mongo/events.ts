import type { ClientSession } from 'mongoose';
import type { Notice, SecurityEvent, Store } from '../port.ts';
import { documentVersion, toDocument, toEvent } from './documents.ts';
import { atOrBefore, before as earlier, sortedBefore } from './filters.ts';
import { insertMail } from './mail.ts';
import type { Models } from './models.ts';

/** In the transaction of what it records. */
export async function recordEvent({ events }: Models, event: SecurityEvent, session: ClientSession): Promise<void> {
  await events.create([toDocument(event)], { session });
}

/** Queues the mail, and keeps the undo that it carries. */
export async function keepNotice(models: Models, { mail, undo }: Omit<Notice, 'event'>, session: ClientSession): Promise<void> {
  const { tokenHash, accountId, expiresAt } = undo;
  await insertMail(models, mail, session);
  await models.undos.create([{ _id: tokenHash, v: documentVersion, accountId, expiresAt }], { session });
}

type Listing = Parameters<Store['listEvents']>[0];

async function listEvents({ events }: Models, { accountId, before, limit }: Listing): Promise<SecurityEvent[]> {
  const last = before === null ? null : await events.findOne({ _id: before, accountId }).lean();
  // An event of another account is no place in this order: nothing comes before it.
  if (before !== null && last === null) return [];
  const beyond = last === null ? {} : { at: atOrBefore(last.at), $or: [{ at: earlier(last.at) }, { _id: sortedBefore(last._id) }] };
  const found = await events.find({ accountId, ...beyond }, null, { sort: { at: -1, _id: -1 }, limit }).lean();
  return found.map(toEvent);
}

export function eventsSection(models: Models): Pick<Store, 'listEvents'> {
  return { listEvents: (input) => listEvents(models, input) };
}
