import { z } from 'zod/mini';
import { providers } from '../records.ts';

/** What a page must know about this deployment before anyone is signed in. `GET /api/deployment`. */
export const deploymentAnswer = z.object({
  deployment: z.object({
    origin: z.string(),
    /** The services that are simulated on this machine, such as `mail`. */
    sandbox: z.array(z.string()),
    /** Providers that users can sign in with, besides a password. */
    providers: z.array(z.enum(providers)),
    passwordMinLength: z.number(),
    hasOperator: z.boolean(),
  }),
});
