import { codeAttempts, codeMinutes } from '../api/durations.ts';
import { minute } from '../clock.ts';

/** ASVS 6.5.5, 6.6.3: a code expires after ten minutes and allows five attempts. */
export const codeLifetime = codeMinutes * minute;
export const attempts = codeAttempts;
