import { offerClaim } from '../accounts/claim-operator.ts';
import { claimMinutes } from '../api/durations.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import type { Command } from './command.ts';
import { withDatabase } from './with-database.ts';

export const claim: Command = {
  summary: `prints a one-time link, valid for ${claimMinutes} minutes, that creates an operator account`,
  async run({ json }) {
    const config = readConfig(process.env);
    return withDatabase(config, async ({ store }) => {
      const link = await offerClaim({ store, clock: systemClock, config });
      console.log(json ? JSON.stringify({ link }) : link);
      return 0;
    });
  },
};
