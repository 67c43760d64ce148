import type { ClientSession } from 'mongoose';
import { type SecurityEvent, type UndoEffect, undoEffects } from '../../records.ts';
import type { Undone, UndoStore } from '../port/undos.ts';
import { voidAllAbout, voidAllOf } from './challenges.ts';
import { depend } from './depend.ts';
import { toAccount, toEvent } from './documents.ts';
import { contest, isTaken, readdress } from './email-changes.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { removeRecovery } from './factor-recoveries.ts';
import { removeCodesSince, removeFactorsSince } from './factor-steps.ts';
import { after, anyOf, atOrAfter, not } from './filters.ts';
import { insertMail } from './mail.ts';
import type { Models } from './models.ts';
import { keepUndosAlone, liveUndos } from './notices.ts';
import { transaction } from './transaction.ts';

type Input = Parameters<UndoStore['redeemUndo']>[0];

interface Undoing {
  accountId: string;
  /** The account’s current key, and the address to restore. */
  before: string;
  restored: string;
  /** Another account has that address. */
  isTaken: boolean;
  keptUntil: Date;
  since: Date;
  everyProvider: boolean;
  now: Date;
}

type Step = (models: Models, undoing: Undoing, session: ClientSession) => Promise<unknown>;

/** One step for each promised effect. */
const steps: Record<UndoEffect, Step> = {
  async sessions({ sessions, devices }, { accountId }, session) {
    await sessions.deleteMany({ accountId }, { session });
    await devices.deleteMany({ accountId }, { session });
  },
  password: ({ accounts }, { accountId }, session) =>
    accounts.updateOne({ _id: accountId }, { $set: { passwordHash: null } }, { session }),
  async address(models, { accountId, before, restored, isTaken: taken, now }, session) {
    if (taken) await contest(models, { accountId, email: restored }, session);
    else if (before !== restored)
      await readdress(models, { accountId, email: restored, now }, session);
  },
  factors: (models, { accountId, since }, session) =>
    removeFactorsSince(models, accountId, since, session),
  'recovery-codes': (models, { accountId, since }, session) =>
    removeCodesSince(models, accountId, since, session),
  providers: ({ identities }, { accountId, since, everyProvider }, session) =>
    identities.deleteMany(
      { accountId, ...(!everyProvider && { connectedAt: atOrAfter(since) }) },
      { session },
    ),
  async codes(models, { accountId, before, restored, isTaken: taken, keptUntil, now }, session) {
    await voidAllAbout(models, accountId, now, session);
    for (const email of taken ? [before] : [before, restored])
      await voidAllOf(models, { email, purpose: 'recover', now }, session);
    await removeRecovery(models, accountId, session);
    if (taken)
      return keepUndosAlone(models, { accountId, email: restored, until: keptUntil, now }, session);
    await models.undos.deleteMany({ accountId }, { session });
  },
  deletion: ({ closings }, { accountId }, session) =>
    closings.deleteOne({ _id: accountId }, { session }),
};

/** Uses the mutex of the account, as new sessions do. */
async function redeemUndo(models: Models, input: Input): Promise<Undone | null> {
  const found = await models.undos.findById(input.tokenHash).lean();
  if (!found) return null;
  const once = () =>
    transaction(models, found.accountId, (session) => undo(models, input, session));
  return once().catch((error: unknown) => {
    // Another account took the address after this transaction read it; the next attempt sees it.
    if (isDuplicate(error) && /\bemail\b/.test(String(error))) return once();
    throw error;
  });
}

async function undo(
  models: Models,
  { tokenHash, everyProvider, actions, event, tell, keptUntil, now }: Input,
  session: ClientSession,
): Promise<Undone | null> {
  const link = await models.undos
    .findOne({ _id: tokenHash, expiresAt: after(now) }, null, { session })
    .lean();
  if (!link) return null;
  const { accountId } = link;
  await depend(models, { _id: accountId }, tokenHash, session);
  const found = await models.accounts.findById(accountId, null, { session }).lean();
  const live = await liveUndos(models, accountId, now, session);
  if (!found || live === null) return null;
  const { since, addresses } = live;
  const [restored] = addresses;
  const before = found.email;
  const intruded = toAccount(found);
  const taken = restored !== before && (await isTaken(models, restored, session));
  for (const effect of undoEffects)
    await steps[effect](
      models,
      { accountId, before, restored, isTaken: taken, since, everyProvider, keptUntil, now },
      session,
    );
  const doneToOthers = await othersSince(models, { accountId, since, actions }, session);
  await recordEvent(models, { ...event, accountId }, session);
  const address = taken ? 'taken' : 'restored';
  for (const email of new Set([...addresses, intruded.email]))
    await insertMail(
      models,
      tell({ email, address: email === restored ? address : 'elsewhere' }),
      session,
    );
  return {
    account: { ...intruded, email: restored, passwordHash: null },
    address,
    since,
    doneToOthers,
  };
}

async function othersSince(
  { events }: Models,
  { accountId, since, actions }: { accountId: string; since: Date; actions: readonly string[] },
  session: ClientSession,
): Promise<SecurityEvent[]> {
  const which = {
    actorId: accountId,
    at: atOrAfter(since),
    $or: [{ accountId: not(accountId) }, { action: anyOf(actions) }],
  };
  return (
    await events.find(which, null, { session, sort: { at: -1, _id: -1 }, limit: 100 }).lean()
  ).map(toEvent);
}

export function undosSection(models: Models): UndoStore {
  return { redeemUndo: (input) => redeemUndo(models, input) };
}
