import { z } from 'zod/mini';
import { challengePurposes } from '../records.ts';

export const challenge = z.object({
  id: z.string(),
  purpose: z.enum(challengePurposes),
  expiresAt: z.string(),
  attemptsLeft: z.number(),
  sentTo: z.optional(z.string()),
});
export const challengeAnswer = z.object({ challenge });
export type ChallengeView = z.infer<typeof challenge>;

export const verifyShape = z.strictObject({
  code: z.string().check(z.regex(/^[0-9]{6}$/, 'Enter the six-digit code.')),
});
