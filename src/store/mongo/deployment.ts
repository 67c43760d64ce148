import { setTimeout as wait } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { day } from '../../clock.ts';
import type { Sealed } from '../../records.ts';
import type { Store } from '../port.ts';
import type { DeploymentStore } from '../port/deployment.ts';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';
import { documentVersion } from './documents.ts';
import { isDuplicate, translateAtStart } from './errors.ts';
import { after, atOrBefore, unusedSince } from './filters.ts';
import type { Models } from './models.ts';
import { schemaVersion, upgrade } from './upgrade.ts';

const schemaId = 'schema';
const tries = 20;

function isModel(value: unknown): value is Model<unknown> {
  return typeof value === 'function' && 'createIndexes' in value;
}

/** Creating what exists is not an error, so several processes may do this at the same time. */
async function createCollections(models: Models): Promise<void> {
  const all = Object.values<unknown>({ ...models }).filter(isModel);
  await Promise.all(
    all.map(async (model) => {
      await model.createCollection();
      await model.createIndexes();
    }),
  );
}

/** Not limited to four seconds: creating an index over existing data may take longer. */
export async function prepare(models: Models): Promise<void> {
  try {
    const before = await schemaOf(models);
    if (before !== null) await upgrade(models, before);
    await createCollections(models);
    const version = { $max: { version: schemaVersion }, $setOnInsert: { v: documentVersion } };
    await models.deployment
      .updateOne({ _id: schemaId }, version, { upsert: true })
      .catch(unlessDuplicate);
  } catch (error) {
    throw translateAtStart(error);
  }
}

/** Whether `prepare` has nothing to upgrade. @throws StoreUnusable for the schema of a newer version */
export async function isPrepared(models: Models): Promise<boolean> {
  try {
    return (await schemaOf(models)) === schemaVersion;
  } catch (error) {
    throw translateAtStart(error);
  }
}

/** `null` for a database that was never prepared. */
async function schemaOf({ deployment }: Models): Promise<number | null> {
  const found = await deployment.findById(schemaId).lean();
  if (found && !(found.version <= schemaVersion))
    throw new StoreUnusable(
      `The MongoDB database has schema ${String(found.version)}; this version of Flowcept knows ${schemaVersion}. Start a newer one.`,
    );
  return found?.version ?? null;
}

function unlessDuplicate(error: unknown): void {
  if (!isDuplicate(error)) throw error;
}

async function keepSecret({ secrets }: Models, name: string, sealed: Sealed): Promise<Sealed> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const first = { $setOnInsert: { v: documentVersion, sealed } };
    await secrets.updateOne({ _id: name }, first, { upsert: true }).catch(unlessDuplicate);
    const kept = await secrets.findById(name).lean();
    if (kept) return kept.sealed;
    await wait(Math.random() * 10 * attempt);
  }
  throw new StoreUnavailable(`The database did not keep the secret ${name}.`);
}

async function takeLease(
  { leases }: Models,
  ...[name, holder, until, now]: Parameters<DeploymentStore['takeLease']>
): Promise<boolean> {
  const mineOrOver = { _id: name, $or: [{ holder }, { until: atOrBefore(now) }] };
  const { matchedCount } = await leases.updateOne(mineOrOver, { $set: { holder, until } });
  if (matchedCount === 1) return true;
  try {
    await leases.create([{ _id: name, v: documentVersion, holder, until }]);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

async function purge(models: Models, now: Date): Promise<void> {
  const {
    sessions,
    signUps,
    flows,
    claims,
    undos,
    devices,
    challenges,
    pendingSignIns,
    factorRecoveries,
    ceremonies,
    limits,
    mails,
    holds,
    leases,
  } = models;
  const cutoff = new Date(now.getTime() - day);
  const expiresAt = atOrBefore(cutoff);
  const until = atOrBefore(cutoff);
  await Promise.all([
    sessions.deleteMany({ expiresAt }),
    sessions.deleteMany(unusedSince(cutoff)),
    signUps.deleteMany({ expiresAt }),
    flows.deleteMany({ expiresAt }),
    claims.deleteMany({ expiresAt }),
    undos.deleteMany({ expiresAt }),
    devices.deleteMany({ expiresAt }),
    challenges.deleteMany({ expiresAt }),
    challenges.deleteMany({ endedAt: atOrBefore(cutoff) }),
    pendingSignIns.deleteMany({ expiresAt }),
    factorRecoveries.deleteMany({ closesAt: atOrBefore(cutoff) }),
    ceremonies.deleteMany({ expiresAt }),
    limits.deleteMany({ expiresAt }),
    mails.deleteMany({ expiresAt }),
    holds.deleteMany({ until }),
    leases.deleteMany({ until }),
  ]);
}

export function deploymentSection(
  models: Models,
): Pick<
  Store,
  | 'ping'
  | 'close'
  | 'findSecret'
  | 'keepSecret'
  | 'takeLease'
  | 'dropLease'
  | 'leaseHolder'
  | 'purge'
> {
  const { connection, secrets, leases } = models;
  return {
    async ping() {
      await connection.getClient().db(connection.name).command({ ping: 1 });
    },
    close: () => connection.close(),
    findSecret: async (name) => (await secrets.findById(name).lean())?.sealed ?? null,
    keepSecret: (name, sealed) => keepSecret(models, name, sealed),
    takeLease: (name, holder, until, now) => takeLease(models, name, holder, until, now),
    async dropLease(name, holder) {
      await leases.deleteOne({ _id: name, holder });
    },
    leaseHolder: async (name, now) =>
      (await leases.findOne({ _id: name, until: after(now) }).lean())?.holder ?? null,
    purge: (now) => purge(models, now),
  };
}
