import { z } from 'zod/mini';
import { flowPurposes, providers } from '../records.ts';

export type { FlowPurpose, Provider } from '../records.ts';

export { flowPurposes, providers };

/** Names of the providers, for users and the log. */
export const providerNames: Record<(typeof providers)[number], string> = {
  google: 'Google',
  github: 'GitHub',
};

/** Why a sign-in attempt with a provider failed: `/sign-in?problem=NAME`. */
export const flowProblems = [
  'account-exists',
  'cookie-missing',
  'email-no-reply',
  'email-unverified',
  'email-withheld',
  'expired',
  'connected-elsewhere',
  'other-person',
  'provider-failed',
  'refused',
  'signed-out',
] as const;
export type FlowProblemName = (typeof flowProblems)[number];

/** The path in the app to redirect the browser to afterwards. */
const destination = z.strictObject({ to: z.optional(z.string()) });
/** Strict, so that a GET with the parameters of an earlier version, which started other purposes, starts nothing. */
export const startQuery = destination;
export const startBody = z._default(destination, {});
export const startAnswer = z.object({ location: z.string() });

/** Query parameters of a provider’s callback. RFC 6749 §4.1.2, RFC 9207. Others are ignored. */
export const callbackQuery = z.object({
  state: z.exactOptional(z.string()),
  code: z.exactOptional(z.string()),
  error: z.exactOptional(z.string()),
  iss: z.exactOptional(z.string()),
});

const connectedProvider = z.object({
  provider: z.enum(providers),
  email: z.string(),
  connectedAt: z.string(),
  /** Whether this deployment still uses the server with which the account was connected. */
  usable: z.boolean(),
});
export type ConnectedProvider = z.infer<typeof connectedProvider>;

export const providersAnswer = z.object({
  items: z.array(connectedProvider),
  /** Whether the account also has a password. */
  hasPassword: z.boolean(),
});
