import { reauthenticationMinutes, restoreMinutes } from '../api/durations.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Milliseconds: `idle` without use, `whole` in all. NIST SP 800-63B-4 §2.2.3; ASVS 7.1.1. */
export const lifetimes = {
  usual: { idle: 12 * hour, whole: 24 * hour },
  stay: { idle: 7 * day, whole: 30 * day },
} as const;

/** How long a proof of who sits there is fresh. ASVS 7.5.1. */
export const proofLifetime = reauthenticationMinutes * minute;

/** Sessions an account may have; the oldest ends. ASVS 7.1.2. */
export const maxSessions = 20;

/** How long a browser is known after its last sign-in. */
export const deviceMemory = 365 * day;

/** How long a browser's mark is remembered after it was replaced, so that a copy of it is recognised. */
export const outdatedMemory = 30 * day;

/** How long the offer to open a closing account again stands. */
export const reopeningFor = restoreMinutes * minute;

/** The last use is written at most this often, beside the request. */
export const touchEvery = minute;
