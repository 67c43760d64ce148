import { z } from 'zod/mini';
import { sessionMethods } from '../records.ts';

export const user = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  operator: z.boolean(),
});
export type User = z.infer<typeof user>;

export const factorMethods = ['totp', 'passkey', 'recovery-code'] as const;
export type FactorMethod = (typeof factorMethods)[number];

export const currentSession = z.object({
  id: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  confirmedAt: z.string(),
});

export const sessionAnswer = z.object({
  user,
  session: currentSession,
  /**
   * The time from which the deployment requires a second factor of this account; `enrolmentRequired`: it has passed. `null` if it requires
   * none, or the account has one.
   */
  secondFactor: z.nullable(z.object({ from: z.string(), enrolmentRequired: z.boolean() })),
});

export const sessionItem = z.object({
  id: z.string(),
  current: z.boolean(),
  device: z.string(),
  address: z.string(),
  method: z.enum(sessionMethods),
  /** When this browser first signed in to the account. */
  deviceFirstUsedAt: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string(),
});
export type SessionItem = z.infer<typeof sessionItem>;
