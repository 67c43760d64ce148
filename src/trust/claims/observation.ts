import { z } from 'zod/mini';
import { outcomes, runTriggers } from '../../api/trust.ts';

/** A `Date` here, ISO 8601 where it is written down. */
export const time = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
/** What one check saw once. */
export const observation = z.object({
  check: z.string(),
  /** With the digest of the check's source, and the digest of the build that it looked at. */
  checkVersion: z.string(),
  build: z.string(),
  outcome: z.enum(outcomes),
  /** In a sentence for everybody: counts, no names. */
  reason: z.string(),
  /** Seen of those there were. */
  examined: z.number(),
  population: z.number(),
  /** Whether the check caught its broken twins in the same run, and what gave them away. */
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
