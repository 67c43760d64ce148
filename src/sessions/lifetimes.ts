import { reauthenticationMinutes, restoreMinutes } from '../api/durations.ts';
import { minute, hour, day } from '../clock.ts';

/** Milliseconds: `idle` is the inactivity timeout, `whole` the maximum age. A session keeps the values with which
 * it began. NIST SP 800-63B-4 §2.2.3; ASVS 7.1.1. */
export const lifetimes = {
  usual: { idle: 12 * hour, whole: 24 * hour },
  stay: { idle: 7 * day, whole: 30 * day },
} as const;

/** Milliseconds for which a re-authentication is valid. ASVS 7.5.1. */
export const proofLifetime = reauthenticationMinutes * minute;

/** Maximum number of sessions per account. One more ends the oldest. ASVS 7.1.2. */
export const maxSessions = 20;

/** How long a browser is remembered after its last sign-in. */
export const deviceCookieLifetime = 365 * day;

/** How long a replaced device cookie is remembered, so that a copy of it is detected. */
export const outdatedDeviceCookieLifetime = 30 * day;

/** Milliseconds for which the offer to restore an account is valid. */
export const reopeningFor = restoreMinutes * minute;

/** Minimum time between two writes of a session’s last use, in milliseconds. */
export const touchEvery = minute;
