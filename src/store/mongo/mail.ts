import type { ClientSession } from 'mongoose';
import type { QueuedMail } from '../../records.ts';
import { domainOf } from '../keys.ts';
import type { MailOutcome, MailStore } from '../port/mail.ts';
import { documentVersion, toDocument, toMail } from './documents.ts';
import { recordEvent } from './events.ts';
import { after, anyOf, atOrBefore, before as earlier, not, sortedBefore } from './filters.ts';
import type { Models } from './models.ts';
import { transaction, write } from './transaction.ts';

const most = 200;
const notHeld = new Date(0);

/** Queues a mail. Mail to a held domain is held from the start. */
export async function insertMail(
  { mails, holds }: Models,
  mail: QueuedMail,
  session: ClientSession | null = null,
): Promise<void> {
  const domain = domainOf(mail.to);
  const hold = await holds.findById(domain, null, { session }).lean();
  await mails.create([{ ...toDocument(mail), domain, heldUntil: hold?.until ?? notHeld }], {
    session,
  });
}

/** Drops undelivered mails whose code is no longer valid. */
export async function dropMailOf(
  { mails }: Models,
  challengeIds: readonly string[],
  session: ClientSession | null = null,
): Promise<void> {
  await mails.updateMany(
    { challengeId: anyOf(challengeIds), state: 'queued' },
    { $set: { state: 'dropped', content: null, lastError: 'Its code is no longer valid.' } },
    { ...(session && { session }) },
  );
}

function changeFor(outcome: MailOutcome): Partial<QueuedMail> {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', content: null };
    case 'kept':
      return { state: 'kept' };
    case 'retry':
      return { dueAt: outcome.dueAt, lastError: outcome.reason };
    case 'dropped':
      return { state: 'dropped', content: null, lastError: outcome.reason };
  }
}

async function claimMail(
  { mails }: Models,
  now: Date,
  leaseUntil: Date,
): Promise<QueuedMail | null> {
  const due = {
    state: 'queued' as const,
    dueAt: atOrBefore(now),
    heldUntil: atOrBefore(now),
    expiresAt: after(now),
  };
  const claimed = await mails
    .findOneAndUpdate(
      due,
      { $set: { dueAt: leaseUntil }, $inc: { tries: 1 } },
      { sort: { dueAt: 1, createdAt: 1 }, returnDocument: 'after' },
    )
    .lean();
  if (claimed) return toMail(claimed);
  await dropLate(mails, now);
  return null;
}

async function dropLate(mails: Models['mails'], now: Date): Promise<void> {
  const change = {
    state: 'dropped',
    content: null,
    lastError: { $ifNull: ['$lastError', 'expired'] },
  };
  await mails.updateMany({ state: 'queued', expiresAt: atOrBefore(now) }, [{ $set: change }], {
    updatePipeline: true,
  });
}

type Listing = Parameters<MailStore['listMail']>[0];

async function listMail(
  { mails }: Models,
  { state, except, before, limit }: Listing,
): Promise<QueuedMail[]> {
  const last = before === null ? null : await mails.findById(before).lean();
  if (before !== null && last === null) return [];
  const beyond = last && {
    createdAt: atOrBefore(last.createdAt),
    $or: [{ createdAt: earlier(last.createdAt) }, { _id: sortedBefore(last._id) }],
  };
  const found = await mails
    .find({ state, ...(except !== null && { domain: not(except) }), ...beyond }, null, {
      sort: { createdAt: -1, _id: -1 },
      limit,
    })
    .lean();
  return found.map(toMail);
}

function hastenMail(
  models: Models,
  { id, now, than, event }: Parameters<MailStore['hastenMail']>[0],
): Promise<boolean> {
  return transaction(models, id, async (session) => {
    const { matchedCount } = await models.mails.updateOne(
      { _id: id, state: 'queued', dueAt: after(than) },
      { $set: { dueAt: now } },
      { session },
    );
    if (matchedCount === 0) return false;
    await recordEvent(models, event, session);
    return true;
  });
}

/** Stores the hold before it updates queued mails, so that a mail queued in between sees the hold. */
async function holdMail({ mails, holds }: Models, domain: string, until: Date): Promise<void> {
  await holds.updateOne({ _id: domain }, { $set: { v: documentVersion, until } }, { upsert: true });
  await mails.updateMany({ domain, state: 'queued' }, { $set: { heldUntil: until } });
}

async function takeHeldMail({ mails }: Models, domain: string): Promise<QueuedMail[]> {
  const held = { domain, state: 'queued' as const, heldUntil: after(notHeld) };
  const taken: QueuedMail[] = [];
  for (;;) {
    const mail = await mails.findOneAndDelete(held, { sort: { createdAt: 1, _id: 1 } }).lean();
    if (!mail) return taken;
    taken.push(toMail(mail));
  }
}

export function mailSection(models: Models): MailStore {
  const { mails } = models;
  return {
    insertMail: (mail) => write(models, mail.id, (session) => insertMail(models, mail, session)),
    claimMail: (now, leaseUntil) => claimMail(models, now, leaseUntil),
    async settleMail({ id, dueAt }, outcome) {
      await mails.updateOne({ _id: id, state: 'queued', dueAt }, { $set: changeFor(outcome) });
    },
    async findMail(id) {
      const found = await mails.findById(id).lean();
      return found && toMail(found);
    },
    listMail: (input) => listMail(models, input),
    hastenMail: (input) => hastenMail(models, input),
    async keptMail(to) {
      const filter = { state: 'kept' as const, ...(to === null ? {} : { to }) };
      const kept = await mails
        .find(filter, null, { sort: { createdAt: -1, _id: -1 }, limit: most })
        .lean();
      return kept.map(toMail);
    },
    holdMail: (domain, until) => holdMail(models, domain, until),
    heldDomains: async () =>
      (await models.holds.find({}, { _id: 1 }, { sort: { _id: 1 } }).lean()).map(({ _id }) => _id),
    takeHeldMail: (domain) => takeHeldMail(models, domain),
  };
}
