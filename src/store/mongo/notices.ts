import type { ClientSession } from 'mongoose';
import type { Account } from '../../records.ts';
import type { Notice } from '../port/events.ts';
import { depend } from './depend.ts';
import { documentVersion } from './documents.ts';
import { after, atOrAfter, atOrBefore, moreThan, not } from './filters.ts';
import { insertMail } from './mail.ts';
import type { Models } from './models.ts';

/**
 * Queues the mail to the account’s current address, and stores the undo that it contains, unless the limit is used up.
 * Depends on the account; otherwise an undo at the same instant would not see this link, and the order of two links would
 * be undefined.
 */
export async function keepNotice(
  models: Models,
  { event, mail, undo, limit }: Notice,
  session: ClientSession,
): Promise<void> {
  const { tokenHash, accountId, since, expiresAt } = undo;
  await depend(models, { _id: accountId }, mail.id, session);
  const account = await models.accounts
    .findById(accountId, { email: 1, restoring: 1 }, { session })
    .lean();
  const newest = await models.undos
    .findOne({ accountId }, { seq: 1 }, { session, sort: { seq: -1 } })
    .lean();
  const email = account?.restoring ?? account?.email ?? mail.to;
  const before = await models.undos
    .find(
      {
        accountId,
        action: event.action,
        email,
        since: atOrAfter(limit.since),
        expiresAt: after(event.at),
      },
      { _id: 1 },
      { session },
    )
    .lean();
  if (before.length >= limit.most) return;
  const isLast = before.length === limit.most - 1;
  await insertMail(models, { ...(isLast ? limit.lastMail : mail), to: email }, session);
  await models.undos.create(
    [
      {
        _id: tokenHash,
        v: documentVersion,
        accountId,
        seq: (newest?.seq ?? 0) + 1,
        since,
        email,
        expiresAt,
        action: event.action,
      },
    ],
    { session },
  );
}

/** The live undo links combined, because each has the effect of all. */
export interface LiveUndos {
  since: Date;
  /** The addresses to which they were issued; the first is the one to restore. */
  addresses: readonly [string, ...string[]];
}

export async function liveUndos(
  { undos }: Models,
  accountId: string,
  now: Date,
  session: ClientSession,
): Promise<LiveUndos | null> {
  const links = await undos
    .find({ accountId, expiresAt: after(now) }, null, { session, sort: { seq: 1 } })
    .lean();
  const [first, ...rest] = links.map(({ email }) => email);
  if (first === undefined) return null;
  return {
    since: new Date(Math.min(...links.map(({ since }) => since.getTime()))),
    addresses: [first, ...rest],
  };
}

/** Live links issued to this address expire at this time; all others become invalid. */
export async function keepUndosAlone(
  { undos }: Models,
  { accountId, email, until, now }: { accountId: string; email: string; until: Date; now: Date },
  session: ClientSession,
): Promise<void> {
  await undos.deleteMany(
    { accountId, $or: [{ email: not(email) }, { expiresAt: atOrBefore(now) }] },
    { session },
  );
  await undos.updateMany({ accountId }, { $set: { expiresAt: until } }, { session });
}

/** No link of the account stays valid for longer. */
export async function endUndosBy(
  { undos }: Models,
  accountId: string,
  until: Date,
  session: ClientSession,
): Promise<void> {
  await undos.updateMany(
    { accountId, expiresAt: after(until) },
    { $set: { expiresAt: until } },
    { session },
  );
}

/**
 * The account is back at an address that a live link would restore. Links issued to other addresses since then become
 * invalid.
 */
export async function voidUndosAfterReturn(
  { undos }: Models,
  { id: accountId, email }: Account,
  now: Date,
  session: ClientSession,
): Promise<void> {
  const first = await undos
    .findOne({ accountId, email, expiresAt: after(now) }, { seq: 1 }, { session, sort: { seq: 1 } })
    .lean();
  if (first)
    await undos.deleteMany({ accountId, email: not(email), seq: moreThan(first.seq) }, { session });
}
