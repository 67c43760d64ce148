import type { ClientSession } from 'mongoose';
import type { MailOutcome, QueuedMail, Store } from '../port.ts';
import { documentVersion, domainOf, toDocument, toMail } from './documents.ts';
import { after, anyOf, atOrBefore } from './filters.ts';
import type { Models } from './models.ts';

const most = 200;
const notHeld = new Date(0);

/** Queues a mail; one to a held domain is held from the start. */
export async function insertMail({ mails, holds }: Models, mail: QueuedMail, session?: ClientSession): Promise<void> {
  const domain = domainOf(mail.to);
  const hold = await holds.findById(domain, null, { session }).lean();
  await mails.create([{ ...toDocument(mail), domain, heldUntil: hold?.until ?? notHeld }], { session });
}

/** Undelivered mails whose code is of no use any more. */
export async function dropMailOf({ mails }: Models, challengeIds: readonly string[], session?: ClientSession): Promise<void> {
  await mails.updateMany(
    { challengeId: anyOf(challengeIds), state: 'queued' },
    { $set: { state: 'dropped', content: null, lastError: 'Its code is not valid any more.' } },
    { session },
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

async function claimMail({ mails }: Models, now: Date, leaseUntil: Date): Promise<QueuedMail | null> {
  const due = { state: 'queued' as const, dueAt: atOrBefore(now), heldUntil: atOrBefore(now), expiresAt: after(now) };
  const claimed = await mails
    .findOneAndUpdate(due, { $set: { dueAt: leaseUntil }, $inc: { tries: 1 } }, { sort: { dueAt: 1, createdAt: 1 }, returnDocument: 'after' })
    .lean();
  return claimed && toMail(claimed);
}

/** The hold first, then what is queued already: a mail that comes in between sees the hold. */
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

export function mailSection(models: Models): Pick<
  Store,
  'insertMail' | 'claimMail' | 'settleMail' | 'keptMail' | 'holdMail' | 'takeHeldMail'
> {
  const { mails } = models;
  return {
    insertMail: (mail) => insertMail(models, mail),
    claimMail: (now, leaseUntil) => claimMail(models, now, leaseUntil),
    async settleMail(id, outcome) {
      await mails.updateOne({ _id: id, state: 'queued' }, { $set: changeFor(outcome) });
    },
    async keptMail(to) {
      const filter = { state: 'kept' as const, ...(to === null ? {} : { to }) };
      const kept = await mails.find(filter, null, { sort: { createdAt: -1, _id: -1 }, limit: most }).lean();
      return kept.map(toMail);
    },
    holdMail: (domain, until) => holdMail(models, domain, until),
    takeHeldMail: (domain) => takeHeldMail(models, domain),
  };
}
