import { StartRefused, type Config } from '../config.ts';
import { openDatabase, type Database } from '../deployment/wire.ts';
import { StoreUnavailable } from '../store/port/errors.ts';

/**
 * Opens and prepares the database, runs the work and closes the database.
 * @throws StartRefused
 */
export async function withDatabase(
  config: Config,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  try {
    const database = await openDatabase(config);
    try {
      return await work(database);
    } finally {
      await database.store.close();
    }
  } catch (error) {
    throw error instanceof StoreUnavailable
      ? new StartRefused(['DATABASE_URL: the database is unreachable.'])
      : error;
  }
}
