import { z } from 'zod/mini';
import { isClaimId, type ClaimId } from './claims.ts';

const dayLength = 86_400_000;

const claimId = z.pipe(
  z.string(),
  z.transform((id: string, context): ClaimId => {
    if (isClaimId(id)) return id;
    context.issues.push({ code: 'custom', message: `“${id}” is no claim`, input: id });
    return z.NEVER;
  }),
);

const day = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2030-12-31'),
  z.refine((text) => startOf(text) !== null, 'there is no such day'),
);
const sentence = z.string().check(z.minLength(1, 'say something'));

/** A human's word. Nobody's word holds for longer than a year. */
const attestation = z
  .strictObject({
    claim: claimId,
    statement: sentence,
    /** A role, not a name. */
    by: sentence,
    /** What it rests on: a report, a contract, a review. */
    basis: sentence,
    from: day,
    until: day,
  })
  .check(
    z.refine(({ from, until }) => from <= until, 'it ends before it begins'),
    z.refine(({ from, until }) => spanOf(from, until) <= 366, 'it holds for more than a year'),
  );

/** A failure that is lived with for a while. It stays a failure, in public. */
const exception = z
  .strictObject({
    claim: claimId,
    reason: sentence,
    instead: sentence,
    requestedBy: sentence,
    approvedBy: sentence,
    until: day,
  })
  .check(
    z.refine(({ requestedBy, approvedBy }) => requestedBy !== approvedBy, 'it needs two people'),
  );

export const frontMatter = z.strictObject({
  attestations: z.array(attestation),
  exceptions: z.array(exception),
  /** Claim → the day until which it is to hold. */
  dates: z.record(z.string().check(z.refine(isClaimId, 'this is no claim')), day),
});

export type FrontMatter = z.infer<typeof frontMatter>;
export type Attestation = FrontMatter['attestations'][number];

/** Whether `now` is still on that day, in UTC, or before it. */
export function isUntil(text: string, now: Date): boolean {
  const start = startOf(text);
  return start !== null && now.getTime() < start + dayLength;
}

/** Whether `now` is on that day, in UTC, or after it. */
export function isFrom(text: string, now: Date): boolean {
  const start = startOf(text);
  return start !== null && now.getTime() >= start;
}

function startOf(text: string): number | null {
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? at.getTime() : null;
}

function spanOf(from: string, until: string): number {
  return ((startOf(until) ?? 0) - (startOf(from) ?? 0)) / dayLength;
}
