import { z } from 'zod/mini';
import { providers } from '../records.ts';
import { factorTypes } from '../records/two-factor.ts';
import { challenge, verifyShape } from './challenges.ts';
import { longestEmail, normalEmail } from './email-address.ts';
import type { EventKind } from './events.ts';
import { listQuery } from './paging.ts';
import {
  isMostlyTheirs,
  longestPassword,
  mostlyTheirs,
  weaknessOf,
  type PasswordRules,
} from './password-rules.ts';
import { factorMethods, sessionItem, user } from './sessions.ts';

/** Schemas for requests and responses about accounts. The browser and the server validate with the same schemas. */

export const email = z
  .pipe(
    z.string(),
    z.transform((typed: string, context) => {
      const normal = normalEmail(typed.trim());
      if (normal) return normal;
      context.issues.push({
        code: 'custom',
        message: 'Enter an email address.',
        input: typed,
      });
      return z.NEVER;
    }),
  )
  .register(z.globalRegistry, { format: 'email', maxLength: longestEmail });

/** In code points. */
const longestName = 100;

/**
 * C0, C1 and DEL, and characters that reorder, hide or show nothing (Unicode UAX #9, UAX #44 Default_Ignorable), except
 * the joiner of emoji.
 */
const forbiddenInNames =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb]|\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180f/u;

export const name = z
  .pipe(
    z.string(),
    z.transform((typed: string, context) => {
      const trimmed = typed.trim();
      const message = weaknessOfName(trimmed);
      if (message === null) return trimmed;
      context.issues.push({ code: 'custom', message, input: typed });
      return z.NEVER;
    }),
  )
  .register(z.globalRegistry, {
    minLength: 1,
    maxLength: longestName,
    description:
      'Counted without surrounding white space. Control and hidden characters are refused.',
  });

function weaknessOfName(trimmed: string): string | null {
  if (!/[^\s\p{Default_Ignorable_Code_Point}]/u.test(trimmed)) return 'Enter a name.';
  if ([...trimmed].length > longestName) return `Use at most ${longestName} characters.`;
  if (forbiddenInNames.test(trimmed) || !trimmed.isWellFormed())
    return 'Remove control and hidden characters.';
  return null;
}

/** A password to compare, not to set. Its strength is not checked. */
export const presentedPassword = z.string().check(z.maxLength(512, 'The password is too long.'));

/** A password to set. */
const newPassword = (rules: PasswordRules) =>
  z
    .string()
    .check((context) => {
      const message = weaknessOf(context.value, rules);
      if (message) context.issues.push({ code: 'custom', message, input: context.value });
    })
    .register(z.globalRegistry, {
      format: 'password',
      minLength: rules.minLength,
      maxLength: longestPassword,
    });

/** A new account. Its password must also not consist mostly of the address or name. */
function withNewPassword<Extra extends z.core.$ZodShape>(rules: PasswordRules, extra: Extra) {
  return z.strictObject({ email, password: newPassword(rules), name, ...extra });
}

const ownWords = { path: ['password'], error: mostlyTheirs };

export const signUpShape = (rules: PasswordRules) =>
  withNewPassword(rules, {}).check(
    z.refine((chosen) => !isMostlyTheirs(chosen.password, chosen), ownWords),
  );

const token = z.string().check(z.maxLength(100));

export const claimShape = (rules: PasswordRules) =>
  withNewPassword(rules, { token }).check(
    z.refine((chosen) => !isMostlyTheirs(chosen.password, chosen), ownWords),
  );

export const claimCheckShape = z.strictObject({ token });

export const signInShape = z.strictObject({
  email,
  password: presentedPassword,
  stay: z.optional(z.boolean()),
});

export const userAnswer = z.object({ user });
/** Signed in, or a second factor is due. */
export const signInAnswer = z.union([
  userAnswer,
  z.object({ challenge, methods: z.array(z.enum(factorMethods)) }),
]);

export const recoveryShape = z.strictObject({ email });
export const completionShape = (rules: PasswordRules) =>
  z.strictObject({
    challenge: z.string().check(z.maxLength(100)),
    code: verifyShape.shape.code,
    password: newPassword(rules),
  });
export const passwordChangeShape = (rules: PasswordRules) =>
  z.strictObject({ current: presentedPassword, next: newPassword(rules) });
export const profileShape = z.strictObject({ name });
export const emailChangeShape = z.strictObject({ email });
export const reopenShape = z.strictObject({ token });
export const undoShape = z.strictObject({
  token,
  /** Whether to also disconnect accounts that were connected earlier. */
  everyProvider: z.optional(z.boolean()),
});
export const undoAnswer = z.object({
  /** What the account did to other accounts since its earliest valid notice. It is not undone. */
  doneToOthers: z.array(z.object({ at: z.string(), summary: z.string() })),
  /** `taken`: another account has it. The link is still valid, and restores the address once it is free. */
  address: z.enum(['restored', 'taken']),
});

export const activityKinds = [
  'session',
  'password',
  'factor',
  'provider',
  'account',
  'operator',
] as const satisfies readonly EventKind[];
export type ActivityKind = (typeof activityKinds)[number];
export const activitySpans = [1, 7, 30] as const;
export type ActivitySpan = (typeof activitySpans)[number];
export const activityQuery = z.extend(listQuery, {
  /** The kind of event. */
  kind: z.optional(z.enum(activityKinds)),
  /** Maximum age of the events in days. */
  days: z.optional(z.enum(activitySpans.map(String))),
});

export const activityItem = z.object({
  id: z.string(),
  at: z.string(),
  action: z.string(),
  summary: z.string(),
  actor: z.nullable(z.object({ id: z.string() })),
  target: z.nullable(z.string()),
  address: z.string(),
  device: z.string(),
});
export type ActivityItem = z.infer<typeof activityItem>;

export const exportShape = z.object({
  exportedAt: z.string(),
  user: z.extend(user, { createdAt: z.string(), hasPassword: z.boolean() }),
  sessions: z.array(sessionItem),
  secondFactors: z.array(
    z.object({
      type: z.enum(factorTypes),
      name: z.string(),
      createdAt: z.string(),
      lastUsedAt: z.nullable(z.string()),
    }),
  ),
  recoveryCodesLeft: z.number(),
  /** The recovery of a user who lost every factor. */
  secondFactorRecovery: z.nullable(
    z.object({
      opensAt: z.string(),
      closesAt: z.string(),
      usedAt: z.nullable(z.string()),
      stoppedAt: z.nullable(z.string()),
    }),
  ),
  signInProviders: z.array(
    z.object({
      provider: z.enum(providers),
      issuer: z.nullable(z.string()),
      subject: z.string(),
      email: z.string(),
      connectedAt: z.string(),
    }),
  ),
  activity: z.array(activityItem),
});
export type AccountExport = z.infer<typeof exportShape>;

/** `events` is `null` if not all events of the day were read. */
export const activityDay = z.object({ day: z.string(), events: z.nullable(z.number()) });
export type ActivityDay = z.infer<typeof activityDay>;
