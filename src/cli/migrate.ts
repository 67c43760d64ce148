import { readConfig } from '../config.ts';
import type { Command } from './command.ts';
import { withDatabase } from './with-database.ts';

export const migrate: Command = {
  summary: 'updates the database schema; safe to run at any time',
  async run({ json }) {
    return withDatabase(readConfig(process.env), async () => {
      console.log(json ? JSON.stringify({ migrated: true }) : 'The schema is up to date.');
      return 0;
    });
  },
};
