import { z } from 'zod/mini';
import { outcomes, runTriggers } from '../../api/trust.ts';

/** A `Date` in code, ISO 8601 in JSON. */
export const time = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
/** The result of one check in one run. */
export const observation = z.object({
  check: z.string(),
  /** Includes the digest of the check’s source; `build` is the digest of the examined build. */
  checkVersion: z.string(),
  build: z.string(),
  outcome: z.enum(outcomes),
  /** One sentence for the public page: counts, no names. */
  reason: z.string(),
  /** Items examined, of those that exist. */
  examined: z.number(),
  population: z.number(),
  /** Whether the check detected its negative controls in the same run, and by what. */
  controlCaught: z.boolean(),
  controlSaw: z.string(),
  collectedAt: time,
  expiresAt: time,
});
export type Observation = z.infer<typeof observation>;

export const trustRun = z.object({
  id: z.string(),
  trigger: z.enum(runTriggers),
  startedAt: time,
  endedAt: time,
});
export type TrustRun = z.infer<typeof trustRun>;
