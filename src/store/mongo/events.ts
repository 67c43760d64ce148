import type { ClientSession } from 'mongoose';
import type { SecurityEvent } from '../../records.ts';
import type { EventStore } from '../port/events.ts';
import { toDocument, toEvent } from './documents.ts';
import { anyOf, atOrAfter, atOrBefore, before as earlier, sortedBefore } from './filters.ts';
import type { Models } from './models.ts';
import { write } from './transaction.ts';

/** Must be called in the transaction of the change. */
export async function recordEvent(
  { events }: Models,
  event: SecurityEvent,
  session: ClientSession,
): Promise<void> {
  await events.create([toDocument(event)], { session });
}

type Place = { before: string | null; limit: number };
type Which = { accountId?: string; action?: { $in: string[] }; $and?: { at: { $gte: Date } }[] };

async function newest(
  { events }: Models,
  which: Which,
  { before, limit }: Place,
): Promise<SecurityEvent[]> {
  const last = before === null ? null : await events.findOne({ _id: before, ...which }).lean();
  // An event outside this list has no position in its order, so nothing precedes it.
  if (before !== null && last === null) return [];
  const beyond =
    last === null
      ? {}
      : {
          at: atOrBefore(last.at),
          $or: [{ at: earlier(last.at) }, { _id: sortedBefore(last._id) }],
        };
  const found = await events
    .find({ ...which, ...beyond }, null, { sort: { at: -1, _id: -1 }, limit })
    .lean();
  return found.map(toEvent);
}

export function eventsSection(models: Models): EventStore {
  return {
    listEvents: ({ accountId, actions, since, ...place }) =>
      newest(
        models,
        {
          accountId,
          ...(actions && { action: anyOf(actions) }),
          ...(since && { $and: [{ at: atOrAfter(since) }] }),
        },
        place,
      ),
    listActions: ({ actions, ...place }) => newest(models, { action: anyOf(actions) }, place),
    recordEvent: (event) =>
      write(models, event.id, async (session) => {
        await models.events.create([toDocument(event)], { session });
      }),
  };
}
