import type { Model } from 'mongoose';
import type { Observation, PasswordHash, Store } from '../port.ts';
import { toDocument, toObservation, toRun } from './documents.ts';
import { withinPatience } from './errors.ts';
import { anyOf, atOrAfter, sortedAfter } from './filters.ts';
import type { Models } from './models.ts';
import { transaction } from './transaction.ts';

const pageSize = 200;
const verdicts = anyOf(['true', 'false']);

async function observationsSince({ observations }: Models, since: Date): Promise<Observation[]> {
  const found = await observations.find({ collectedAt: atOrAfter(since) }).lean();
  const recent = found.map(toObservation);
  const judged = new Set(recent.filter(({ outcome }) => outcome === 'true' || outcome === 'false').map(({ check }) => check));
  const unjudged = (await observations.distinct('check')).filter((check) => !judged.has(check));
  const older = await Promise.all(
    unjudged.map((check) =>
      observations.findOne({ check, outcome: verdicts }, null, { sort: { collectedAt: -1, _id: -1 } }).lean(),
    ),
  );
  const verdictsBefore = older.filter((each) => each !== null).map(toObservation);
  return [...verdictsBefore, ...recent].sort(
    (one, other) => one.collectedAt.getTime() - other.collectedAt.getTime() || (one.id < other.id ? -1 : 1),
  );
}

type WithHash = { _id: string; passwordHash: PasswordHash | null };

/** In pages of its own, because a cursor would not outlive a slow reader. */
async function* hashesOf<Document extends WithHash>(model: Model<Document>): AsyncGenerator<PasswordHash> {
  for (let last = ''; ; ) {
    const query = model.find({ _id: sortedAfter(last) }, { passwordHash: 1 }, { sort: { _id: 1 }, limit: pageSize });
    const page = await withinPatience(() => query.lean<WithHash[]>().exec());
    for (const { passwordHash } of page) if (passwordHash !== null) yield passwordHash;
    const end = page.at(-1);
    if (!end) return;
    last = end._id;
  }
}

export async function* eachPasswordHash({ accounts, signUps }: Models): AsyncGenerator<PasswordHash> {
  // Sign-ups first: a hash that moves to an account meanwhile is met there.
  yield* hashesOf(signUps);
  yield* hashesOf(accounts);
}

async function eraseDomain(models: Models, domain: string): Promise<void> {
  const { accounts, sessions, devices, undos, events, signUps, challenges, mails, holds } = models;
  await transaction(models, domain, async (session) => {
    const found = await accounts.find({ domain }, { _id: 1 }, { session }).lean();
    const ofThem = { accountId: anyOf(found.map(({ _id }) => _id)) };
    await sessions.deleteMany(ofThem, { session });
    await devices.deleteMany(ofThem, { session });
    await undos.deleteMany(ofThem, { session });
    await events.deleteMany(ofThem, { session });
    await accounts.deleteMany({ domain }, { session });
    await signUps.deleteMany({ domain }, { session });
    await challenges.deleteMany({ domain }, { session });
    await mails.deleteMany({ domain }, { session });
    await holds.deleteOne({ _id: domain }, { session });
  });
}

export function trustSection(models: Models): Pick<
  Store,
  'recordRun' | 'lastRun' | 'observationsSince' | 'eraseDomain'
> {
  return {
    recordRun: (run, observations) =>
      transaction(models, run.id, async (session) => {
        await models.runs.create([toDocument(run)], { session });
        await models.observations.insertMany(observations.map((each) => toDocument(each)), { session });
      }),
    async lastRun() {
      const last = await models.runs.findOne({}, null, { sort: { startedAt: -1, _id: -1 } }).lean();
      return last && toRun(last);
    },
    observationsSince: (since) => observationsSince(models, since),
    eraseDomain: (domain) => eraseDomain(models, domain),
  };
}
