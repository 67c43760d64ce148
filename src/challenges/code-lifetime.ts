import { codeAttempts, codeMinutes } from '../api/durations.ts';
import { minute } from '../clock.ts';

/** Milliseconds. ASVS 6.5.5, 6.6.3. */
export const codeLifetime = codeMinutes * minute;
export const attempts = codeAttempts;
