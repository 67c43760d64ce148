import { z } from 'zod/mini';
import { mailStates } from '../records.ts';

/** Schemas for requests and responses of the operator API. */

export const accountItem = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  operator: z.boolean(),
  createdAt: z.string(),
  /** The latest use of a valid session. */
  lastUsedAt: z.nullable(z.string()),
  sessions: z.number(),
});
export type AccountItem = z.infer<typeof accountItem>;

export const operatorShape = z.strictObject({ operator: z.boolean() });

export const factorRuleShape = z.strictObject({
  required: z.boolean(),
  /** Days in which users without a second factor can continue as before. */
  graceDays: z
    .int('Enter a whole number of days.')
    .check(z.minimum(0), z.maximum(90, 'Use at most 90 days.')),
});
export const factorRuleAnswer = z.object({
  secondFactor: z.object({
    /** The time from which every account needs a second factor; `null` if none does. */
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
  /** The limit’s name, and a description of it. */
  limit: z.string(),
  about: z.string(),
  /** What is counted: a network address, an email address, or an account by its email address. */
  by: z.enum(['network', 'address', 'account']),
  subject: z.string(),
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
  /** Why the last attempt failed, or why the email was dropped. */
  reason: z.nullable(z.string()),
});
export type MailItem = z.infer<typeof mailItem>;

export const settingItem = z.object({
  name: z.string(),
  /** `null` if not set. */
  value: z.nullable(z.string()),
  /** Whether all or part of the value is hidden. */
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
  /** The operator who acted. Only the ID is left if the account was deleted since. */
  actor: z.nullable(person),
  /** The affected account, if it is not the operator’s own. */
  account: z.nullable(person),
  target: z.nullable(z.string()),
});
export type RecordItem = z.infer<typeof recordItem>;
