import mongoose from 'mongoose';
import type { Config, DatabaseSetting } from '../src/config.ts';
import { openEncryptedFile } from './encrypted-file.ts';

/** Changes what lies in the database behind the server's back, on whichever store it is. */
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
