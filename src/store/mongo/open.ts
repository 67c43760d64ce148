import type { Connection, ConnectOptions } from 'mongoose';
import mongoose from 'mongoose';
import type { Store } from '../port.ts';
import { StoreUnusable } from '../port/errors.ts';
import { accountChangesSection } from './account-changes.ts';
import { accountsSection } from './accounts.ts';
import { challengesSection } from './challenges.ts';
import { closingSection } from './closing.ts';
import { deploymentSection, isPrepared, prepare } from './deployment.ts';
import { guarded, translateAtOpening, withinTimeout } from './errors.ts';
import { eventsSection } from './events.ts';
import { factorRecoveriesSection } from './factor-recoveries.ts';
import { factorRuleSection } from './factor-rule.ts';
import { factorsSection } from './factors.ts';
import { flowsSection } from './flows.ts';
import { bindIdentities, identitiesSection } from './identities.ts';
import { limitsSection } from './limits.ts';
import { mailSection } from './mail.ts';
import { type Models, makeModels } from './models.ts';
import { sessionsSection } from './sessions.ts';
import { eachPasswordHash, trustSection } from './trust.ts';
import { undosSection } from './undos.ts';

const options: ConnectOptions = {
  appName: 'flowcept',
  // While the database is unavailable, an operation fails instead of being buffered. Mongoose creates nothing
  // automatically.
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  sanitizeFilter: true,
  maxPoolSize: 10,
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 3_500,
  waitQueueTimeoutMS: 3_000,
  heartbeatFrequencyMS: 5_000,
  // An acknowledged write survives a failover, and so does everything that was read.
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
};

/** Connects to MongoDB. @throws StoreUnavailable if it does not respond, StoreUnusable if it must not be used */
export async function openMongoStore({ url }: { url: string }): Promise<Store> {
  const connection = mongoose.createConnection();
  try {
    await withinTimeout(() => connect(connection, url), translateAtOpening);
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw error;
  }
  return makeStore(makeModels(connection));
}

async function connect(connection: Connection, url: string): Promise<void> {
  await connection.openUri(url, {
    ...options,
    ...(namesDatabase(url) ? {} : { dbName: 'flowcept' }),
  });
  const database = connection.getClient().db(connection.name);
  const { setName, msg } = await database.command({ hello: 1 });
  if (setName === undefined && msg !== 'isdbgrid') {
    throw new StoreUnusable(
      'This MongoDB is a standalone server. Flowcept needs a replica set with at least one member for transactions.',
    );
  }
  // `hello` needs no authentication; this does.
  await database.collection('deployment').findOne();
}

function namesDatabase(url: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(url);
}

function makeStore(models: Models): Store {
  const methods = guarded({
    ...deploymentSection(models),
    ...accountsSection(models),
    ...accountChangesSection(models),
    ...undosSection(models),
    ...closingSection(models),
    ...flowsSection(models),
    ...identitiesSection(models),
    ...eventsSection(models),
    ...challengesSection(models),
    ...sessionsSection(models),
    ...factorsSection(models),
    ...factorRecoveriesSection(models),
    ...factorRuleSection(models),
    ...limitsSection(models),
    ...mailSection(models),
    ...trustSection(models),
  });
  return {
    ...methods,
    async prepare() {
      await methods.ping();
      await prepare(models);
    },
    isPrepared: () => isPrepared(models),
    bindIdentities: (issuers) => bindIdentities(models, issuers),
    eachPasswordHash: () => eachPasswordHash(models),
  };
}
