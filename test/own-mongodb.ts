import mongoose from 'mongoose';
import { afterAll, beforeAll, inject } from 'vitest';
import { type MongoOptions, type MongoServer, startMongo } from './mongodb.ts';

/** For `describe.skipIf`: no MongoDB can be started. */
export const noMongoDB = inject('mongodb') === null;

const startWithin = 90_000;

/** A MongoDB for one `describe`, which can do to it what would disturb other tests. */
export function ownMongoDB(options: MongoOptions): () => MongoServer {
  let server: MongoServer | null = null;
  beforeAll(async () => {
    server = await startMongo(options);
  }, startWithin);
  afterAll(async () => server?.stop());
  return () => {
    if (!server) throw new Error('No separate MongoDB could be started.');
    return server;
  };
}

/**
 * What MongoDB does by itself a minute after a client disconnected: aborts the transactions that it
 * left open, which lock documents.
 */
export async function endTransactionsOf({ url }: MongoServer): Promise<void> {
  const client = new mongoose.mongo.MongoClient(url('admin'));
  try {
    await client.db('admin').command({ killAllSessions: [] });
  } finally {
    await client.close();
  }
}
