import { z } from 'zod/mini';
import { flowPurposes, providers } from '../records.ts';

export type { FlowPurpose, Provider } from '../records.ts';

export { flowPurposes, providers };

/** What people and the log call them. */
export const providerNames: Record<(typeof providers)[number], string> = {
  google: 'Google',
  github: 'GitHub',
};

/** Why a way to a provider and back ended nowhere, `/sign-in?problem=NAME`. */
export const flowProblems = [
  'account-exists',
  'cookie-missing',
  'email-unverified',
  'expired',
  'connected-elsewhere',
  'other-person',
  'other-tab',
  'provider-failed',
  'refused',
  'signed-out',
] as const;
export type FlowProblemName = (typeof flowProblems)[number];

/** Where in the app the browser goes afterwards. */
const destination = z.strictObject({ to: z.optional(z.string()) });
/** Strict: what once started other purposes by a GET starts nothing. */
export const startQuery = destination;
export const startBody = z._default(destination, {});
export const startAnswer = z.object({ location: z.string() });

/** What a provider sends a browser back with. RFC 6749 §4.1.2, RFC 9207; whatever else it says is not looked at. */
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
});
export type ConnectedProvider = z.infer<typeof connectedProvider>;

export const providersAnswer = z.object({
  items: z.array(connectedProvider),
  /** Whether the account has a password, too. */
  hasPassword: z.boolean(),
});
