import mongoose from 'mongoose';
import { afterAll, beforeAll, inject } from 'vitest';
import { type MongoOptions, type MongoServer, startMongo } from './mongodb.ts';

/** For `describe.skipIf`: there is no MongoDB to start. */
export const noMongoDB = inject('mongodb') === null;

const startWithin = 90_000;

/** A MongoDB for one `describe`, which may do to it what would hurt the others. */
export function ownMongoDB(options: MongoOptions): () => MongoServer {
  let server: MongoServer | null = null;
  beforeAll(async () => {
    server = await startMongo(options);
  }, startWithin);
  afterAll(async () => server?.stop());
  return () => {
    if (!server) throw new Error('No MongoDB of one’s own could be started.');
    return server;
  };
}

/** What MongoDB does by itself a minute after a client is gone: ends the transactions that it left, which keep documents shut. */
export async function endTransactionsOf({ url }: MongoServer): Promise<void> {
  const client = new mongoose.mongo.MongoClient(url('admin'));
  try {
    await client.db('admin').command({ killAllSessions: [] });
  } finally {
    await client.close();
  }
}
