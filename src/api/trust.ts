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

/** Where a check looks from. It is not recorded: observations name the check, and its vantage follows from its source. */
const vantages = ['black-box', 'internal', 'test-instance', 'provider', 'source'] as const;
export type Vantage = (typeof vantages)[number];

/** For how many days, of today and those before, the page shows what was seen. */
export const historyDays = 30;

const observationView = z.object({
  at: z.string(),
  outcome: z.enum(outcomes),
  summary: z.string(),
  examined: z.number(),
  population: z.number(),
  /** The broken twin of the same run: was it caught, and what gave it away. */
  control: z.object({ caught: z.boolean(), saw: z.string() }),
});

const checkView = z.object({
  id: z.string(),
  title: z.string(),
  method: z.enum(['TEST', 'EXAMINE']),
  vantage: z.enum(vantages),
  status: z.enum(['verified', 'failing', 'unverified', 'not-applicable']),
  ranAt: z.nullable(z.string()),
  /** What it saw last, in a sentence. */
  summary: z.string(),
  observations: z.array(observationView),
  /** What it does not prove. */
  limits: z.string(),
  /** With the digest of its source: another one, and what it saw before counts no more. */
  version: z.string(),
  /** What did not hold, the newest first; `closed` is when it was seen to hold again. */
  findings: z.array(
    z.object({
      reason: z.string(),
      firstSeen: z.string(),
      lastSeen: z.string(),
      closed: z.nullable(z.string()),
    }),
  ),
  /** How a reader tries the same from outside, and what that shows where it holds; `null` where only the deployment itself can look. */
  byHand: z.nullable(z.object({ command: z.string(), expect: z.string() })),
});

const claimView = z.object({
  id: z.string(),
  section: z.string(),
  statement: z.string(),
  status: z.enum(statuses),
  /** Since when it is recorded; `null` until it is. */
  since: z.nullable(z.string()),
  /** Digest of the statement and of what must carry it. */
  wording: z.string(),
  /** Why the status is what it is, in a sentence. */
  reason: z.string(),
  checks: z.array(checkView),
  /** One entry a day, oldest first: the worst that was seen on it, `null` when nothing was. */
  history: z.array(
    z.object({ day: z.string(), outcome: z.nullable(z.enum(['true', 'false', 'unknown'])) }),
  ),
  /** Mutation tests of this version: the faults that were seeded, and how many of them its checks detected. */
  mutants: z.nullable(z.object({ caught: z.number(), total: z.number(), ranOn: z.string() })),
});

export const trustView = z.object({
  /** `build` is the digest of what is served; `commit`, where it is known, is where its source is to be read. */
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
  /** Claims that this page made once, and makes no more. */
  removed: z.array(z.object({ id: z.string(), statement: z.string(), at: z.nullable(z.string()) })),
  /** The chain of signed links in which all this is kept: by which key, up to where, and where it was found broken. */
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

/** Where one check of a run is: its turn has not come, it is being made, or what came of it. `stands`: limits were in the way, and an earlier success still counts. */
export type StepState = 'waiting' | 'under way' | 'stands' | Outcome;

export interface Step {
  title: string;
  state: StepState;
}
