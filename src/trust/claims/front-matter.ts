import { z } from 'zod/mini';
import { day } from '../../clock.ts';
import { isClaimId, type ClaimId } from './claims.ts';

const claimId = z.pipe(
  z.string(),
  z.transform((id: string, context): ClaimId => {
    if (isClaimId(id)) return id;
    context.issues.push({ code: 'custom', message: `“${id}” is no claim`, input: id });
    return z.NEVER;
  }),
);

const dateText = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2030-12-31'),
  z.refine((text) => startOf(text) !== null, 'there is no such day'),
);
const sentence = z.string().check(z.minLength(1, 'say something'));

/** A statement by a named role. It is valid for at most a year. */
const attestation = z
  .strictObject({
    claim: claimId,
    statement: sentence,
    /** A role, not a name. */
    by: sentence,
    /** The basis of the statement: a report, a contract, a review. */
    basis: sentence,
    from: dateText,
    until: dateText,
  })
  .check(
    z.refine(({ from, until }) => from <= until, 'it ends before it begins'),
    z.refine(({ from, until }) => spanOf(from, until) <= 366, 'it holds for more than a year'),
  );

/** A failure that is accepted for a limited time. It is still shown as a failure. */
const exception = z
  .strictObject({
    claim: claimId,
    reason: sentence,
    instead: sentence,
    requestedBy: sentence,
    approvedBy: sentence,
    until: dateText,
  })
  .check(
    z.refine(({ requestedBy, approvedBy }) => requestedBy !== approvedBy, 'it needs two people'),
  );

export const frontMatter = z.strictObject({
  attestations: z.array(attestation),
  exceptions: z.array(exception),
  /** Target date of each claim that is in progress. */
  dates: z.record(z.string().check(z.refine(isClaimId, 'this is no claim')), dateText),
});

export type FrontMatter = z.infer<typeof frontMatter>;
export type Attestation = FrontMatter['attestations'][number];

/** Whether `now` is on or before that day, in UTC. */
export function isUntil(text: string, now: Date): boolean {
  const start = startOf(text);
  return start !== null && now.getTime() < start + day;
}

/** Whether `now` is on or after that day, in UTC. */
export function isFrom(text: string, now: Date): boolean {
  const start = startOf(text);
  return start !== null && now.getTime() >= start;
}

function startOf(text: string): number | null {
  const at = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? at.getTime() : null;
}

function spanOf(from: string, until: string): number {
  return ((startOf(until) ?? 0) - (startOf(from) ?? 0)) / day;
}
