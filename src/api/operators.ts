import { z } from 'zod/mini';
import { mailStates } from '../records.ts';

/** The shapes of what operators see and do. */

export const accountItem = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  operator: z.boolean(),
  createdAt: z.string(),
  /** The newest use of a session that is alive. */
  lastUsedAt: z.nullable(z.string()),
  sessions: z.number(),
});
export type AccountItem = z.infer<typeof accountItem>;

export const operatorShape = z.strictObject({ operator: z.boolean() });

export const factorRuleShape = z.strictObject({
  required: z.boolean(),
  /** Days in which people without a second factor can go on as before. */
  graceDays: z
    .int('This must be whole days.')
    .check(z.minimum(0), z.maximum(90, 'At most 90 days.')),
});
export const factorRuleAnswer = z.object({
  secondFactor: z.object({
    /** From then on every account needs one; `null`: none does. */
    from: z.nullable(z.string()),
    accounts: z.number(),
    enrolled: z.number(),
    operators: z.number(),
    enrolledOperators: z.number(),
  }),
});
export type FactorRuleView = z.infer<typeof factorRuleAnswer>['secondFactor'];

export const limitItem = z.object({
  id: z.string(),
  /** Which limit, by its name and in words. */
  limit: z.string(),
  about: z.string(),
  /** What it counts: an address of the network, an e-mail address, or an account, by its e-mail address. */
  by: z.enum(['network', 'address', 'account']),
  who: z.string(),
  until: z.string(),
});
export type LimitItem = z.infer<typeof limitItem>;

export const mailState = z.enum(mailStates);
export const mailItem = z.object({
  id: z.string(),
  to: z.string(),
  about: z.enum(['code', 'notice']),
  state: mailState,
  tries: z.number(),
  createdAt: z.string(),
  nextTryAt: z.nullable(z.string()),
  /** Why the last try failed, or why it was dropped. */
  reason: z.nullable(z.string()),
});
export type MailItem = z.infer<typeof mailItem>;

export const settingItem = z.object({
  name: z.string(),
  /** `null`: not set. */
  value: z.nullable(z.string()),
  /** Its value is not shown, or not all of it. */
  redacted: z.boolean(),
  origin: z.enum(['environment', 'default', 'sandbox']),
});
export type SettingItem = z.infer<typeof settingItem>;

const person = z.object({
  id: z.string(),
  email: z.nullable(z.string()),
  name: z.nullable(z.string()),
});
export const recordItem = z.object({
  id: z.string(),
  at: z.string(),
  action: z.string(),
  summary: z.string(),
  /** Who did it; what became of their account since then may leave only its id. */
  actor: z.nullable(person),
  /** Whose account it was done to, where that is another's. */
  account: z.nullable(person),
  target: z.nullable(z.string()),
});
export type RecordItem = z.infer<typeof recordItem>;
