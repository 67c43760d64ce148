import type { Model } from 'mongoose';
import type { SignedEntry, PasswordHash } from '../../records.ts';
import type { TrustStore } from '../port/trust.ts';
import { documentVersion, toEntry } from './documents.ts';
import { isDuplicate, withinTimeout } from './errors.ts';
import { anyOf, atOrBefore, moreThan, sortedAfter } from './filters.ts';
import type { Models } from './models.ts';
import { eraseOfAccounts } from './of-account.ts';
import { transaction } from './transaction.ts';

const pageSize = 200;

/** Concurrent appends conflict in the unique position. */
async function appendEntry({ links }: Models, link: SignedEntry): Promise<boolean> {
  const newest = await links.findOne({}, { seq: 1 }, { sort: { seq: -1 } }).lean();
  if (link.seq !== (newest?.seq ?? 0) + 1) return false;
  try {
    await links.create([{ _id: String(link.seq), v: documentVersion, ...link }]);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

type WithHash = { _id: string; passwordHash: PasswordHash | null };

/** In separate pages, because a cursor would expire with a slow reader. */
async function* hashesOf<Document extends WithHash>(
  model: Model<Document>,
): AsyncGenerator<PasswordHash> {
  for (let last = ''; ;) {
    const query = model.find(
      { _id: sortedAfter(last) },
      { passwordHash: 1 },
      { sort: { _id: 1 }, limit: pageSize },
    );
    const page = await withinTimeout(() => query.lean<WithHash[]>().exec());
    for (const { passwordHash } of page) if (passwordHash !== null) yield passwordHash;
    const end = page.at(-1);
    if (!end) return;
    last = end._id;
  }
}

export async function* eachPasswordHash({
  accounts,
  signUps,
}: Models): AsyncGenerator<PasswordHash> {
  // Sign-ups first, so that a hash that moves to an account in the meantime is not missed.
  yield* hashesOf(signUps);
  yield* hashesOf(accounts);
}

async function eraseDomain(models: Models, domain: string): Promise<void> {
  const { accounts, events, signUps, challenges, mails, holds } = models;
  await transaction(models, domain, async (session) => {
    const found = await accounts.find({ domain }, { _id: 1 }, { session }).lean();
    const ids = found.map(({ _id }) => _id);
    await eraseOfAccounts(models, ids, session);
    await events.deleteMany({ accountId: anyOf(ids) }, { session });
    await accounts.deleteMany({ domain }, { session });
    await signUps.deleteMany({ domain }, { session });
    await challenges.deleteMany({ domain }, { session });
    await mails.deleteMany({ domain }, { session });
    await holds.deleteOne({ _id: domain }, { session });
  });
}

export function trustSection(
  models: Models,
): Pick<
  TrustStore,
  'appendEntry' | 'newestEntry' | 'entriesAfter' | 'checkpointBefore' | 'eraseDomain'
> {
  const { links } = models;
  return {
    appendEntry: (link) => appendEntry(models, link),
    async newestEntry() {
      const newest = await links.findOne({}, null, { sort: { seq: -1 } }).lean();
      return newest && toEntry(newest);
    },
    entriesAfter: async (seq, limit) =>
      (await links.find({ seq: moreThan(seq) }, null, { sort: { seq: 1 }, limit }).lean()).map(
        toEntry,
      ),
    async checkpointBefore(at) {
      const found = await links
        .findOne(
          { checkpoint: true, at: atOrBefore(at) },
          { seq: 1 },
          { sort: { at: -1, seq: -1 } },
        )
        .lean();
      return found?.seq ?? null;
    },
    eraseDomain: (domain) => eraseDomain(models, domain),
  };
}
