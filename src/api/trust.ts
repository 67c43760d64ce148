import { z } from 'zod/mini';

export const outcomes = ['true', 'false', 'not-applicable', 'unknown', 'error'] as const;

export type Outcome = (typeof outcomes)[number];

/** Why the checks were run. */
export const runTriggers = ['start', 'schedule', 'operator', 'cron'] as const;
export type RunTrigger = (typeof runTriggers)[number];

export const statuses = [
  'verified',
  'failing',
  'unverified',
  'attested',
  'inherited',
  'in-progress',
  'overdue',
  'not-applicable',
] as const;
export type Status = (typeof statuses)[number];

/** Where a check looks from. Not recorded: observations name the check, which determines it. */
const vantages = ['black-box', 'internal', 'test-instance', 'provider', 'source'] as const;
export type Vantage = (typeof vantages)[number];

/** Number of days, including today, whose observations the page shows. */
export const historyDays = 30;

const observationView = z.object({
  at: z.string(),
  outcome: z.enum(outcomes),
  summary: z.string(),
  examined: z.number(),
  population: z.number(),
  /** The negative control of the same run: whether it was detected, and how. */
  control: z.object({ caught: z.boolean(), saw: z.string() }),
});

const checkView = z.object({
  id: z.string(),
  title: z.string(),
  method: z.enum(['TEST', 'EXAMINE']),
  vantage: z.enum(vantages),
  status: z.enum(['verified', 'failing', 'unverified', 'not-applicable']),
  ranAt: z.nullable(z.string()),
  /** The latest result, as a sentence. */
  summary: z.string(),
  observations: z.array(observationView),
  /** What the check does not cover. */
  limits: z.string(),
  /** Includes the digest of the check’s source. Results of another version do not count. */
  version: z.string(),
  /** Failures, newest first; `closed` is when the check passed again. */
  findings: z.array(
    z.object({
      reason: z.string(),
      firstSeen: z.string(),
      lastSeen: z.string(),
      closed: z.nullable(z.string()),
    }),
  ),
  /**
   * How a reader can reproduce the check from another machine, and the expected result; `null` for an internal check.
   */
  byHand: z.nullable(z.object({ command: z.string(), expect: z.string() })),
});

const claimView = z.object({
  id: z.string(),
  section: z.string(),
  statement: z.string(),
  status: z.enum(statuses),
  /** When the claim was first recorded; `null` until it is. */
  since: z.nullable(z.string()),
  /** Digest of the statement and of the checks that must support it. */
  wording: z.string(),
  /** Why the claim has its status, as a sentence. */
  reason: z.string(),
  checks: z.array(checkView),
  /** One entry per day, oldest first: the worst outcome of the day; `null` if there was none. */
  history: z.array(
    z.object({ day: z.string(), outcome: z.nullable(z.enum(['true', 'false', 'unknown'])) }),
  ),
  /** Mutation tests of this version: the number of seeded faults, and how many of them its checks detected. */
  mutants: z.nullable(z.object({ caught: z.number(), total: z.number(), ranOn: z.string() })),
});

export const trustView = z.object({
  /** `build` is the digest of the served build; `commit` names its source, if known. */
  deployment: z.object({
    origin: z.string(),
    host: z.string(),
    version: z.string(),
    build: z.string(),
    commit: z.nullable(z.string()),
    store: z.string(),
  }),
  ranAt: z.nullable(z.string()),
  claims: z.array(claimView),
  /** Claims that this page no longer makes. */
  removed: z.array(z.object({ id: z.string(), statement: z.string(), at: z.nullable(z.string()) })),
  /** The evidence log: its key, its latest entry, and where it was found inconsistent. */
  record: z.object({
    key: z.string(),
    head: z.nullable(z.object({ seq: z.number(), hash: z.string() })),
    checkpoint: z.nullable(z.object({ seq: z.number(), hash: z.string(), at: z.string() })),
    breaks: z.array(z.object({ before: z.number(), noticedAt: z.nullable(z.string()) })),
  }),
});

export type ObservationView = z.infer<typeof observationView>;
export type CheckView = z.infer<typeof checkView>;
export type ClaimView = z.infer<typeof claimView>;
export type TrustView = z.infer<typeof trustView>;

/**
 * State of one check in a run: queued, running, or its outcome. `stands`: the check was inconclusive because of rate
 * limits, and an earlier success still counts.
 */
export type StepState = 'waiting' | 'under way' | 'stands' | Outcome;

export interface Step {
  title: string;
  state: StepState;
}
