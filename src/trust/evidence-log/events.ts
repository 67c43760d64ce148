import { z } from 'zod/mini';
import { observation, trustRun } from '../claims/observation.ts';

/** Something that the page states or that its statuses are computed from. A changed digest means a changed meaning. */
export const declaration = z.object({
  what: z.enum(['claim', 'check', 'attestation', 'exception', 'date']),
  id: z.string(),
  digest: z.string(),
  /** The text of the sentence, question or attestation. */
  says: z.string(),
});
export type Declaration = z.infer<typeof declaration>;

const known = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: trustRun, observations: z.array(observation) }),
  /** A declaration that is new or has changed. */
  z.object({ kind: z.literal('declared'), ...declaration.shape }),
  z.object({ kind: z.literal('withdrawn'), what: declaration.shape.what, id: z.string() }),
  z.object({
    kind: z.literal('status'),
    claim: z.string(),
    from: z.nullable(z.string()),
    to: z.string(),
  }),
  /** The evidence log is broken before this position: entries are missing or were changed. */
  z.object({ kind: z.literal('broken'), before: z.int() }),
]);

/** An event of a newer version, which this version ignores. */
const unheardOf = z.codec(
  z.looseObject({ kind: z.string() }),
  z.object({ kind: z.literal('unheard of') }),
  {
    decode: () => ({ kind: 'unheard of' as const }),
    encode: (event) => event,
  },
);

export const logEvent = z.union([known, unheardOf]);
export type LogEvent = z.infer<typeof logEvent>;
