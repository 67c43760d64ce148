import { z } from 'zod/mini';
import { observation, trustRun } from '../claims/observation.ts';

/** Something that the page says, or by which it is worked out: a change of its digest is a change of what is meant. */
export const declaration = z.object({
  what: z.enum(['claim', 'check', 'attestation', 'exception', 'date']),
  id: z.string(),
  digest: z.string(),
  /** The sentence, question or statement itself. */
  says: z.string(),
});
export type Declaration = z.infer<typeof declaration>;

const known = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: trustRun, observations: z.array(observation) }),
  /** New, or changed. */
  z.object({ kind: z.literal('declared'), ...declaration.shape }),
  z.object({ kind: z.literal('withdrawn'), what: declaration.shape.what, id: z.string() }),
  z.object({
    kind: z.literal('status'),
    claim: z.string(),
    from: z.nullable(z.string()),
    to: z.string(),
  }),
  /** The chain does not hold before this place: links are missing there, or were changed. */
  z.object({ kind: z.literal('broken'), before: z.int() }),
]);

/** What only a newer version of this program knows, and this one passes over. */
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
