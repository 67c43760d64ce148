import mongoose from 'mongoose';
import type { Config } from '../src/config.ts';
import type { DatabaseSetting } from '../src/environment.ts';
import { openEncryptedFile } from './encrypted-file.ts';

/** Changes the database without the server, on either store. */
export async function byHand(
  { database, keys }: { database: DatabaseSetting } & Pick<Config, 'keys'>,
  { libsql, mongodb }: { libsql: string; mongodb: (db: mongoose.mongo.Db) => Promise<unknown> },
): Promise<void> {
  if (database.kind === 'mongodb') {
    const client = new mongoose.mongo.MongoClient(database.url);
    try {
      await mongodb(client.db());
    } finally {
      await client.close();
    }
    return;
  }
  const file = await openEncryptedFile(database.path, { keys });
  file.exec(libsql);
  file.close();
}
