import { z } from 'zod/mini';
import { flowPurposes, providers } from '../store/port.ts';

export { flowPurposes, providers };

/** What people and the log call them. */
export const providerNames: Record<(typeof providers)[number], string> = { google: 'Google', github: 'GitHub' };

/** Why a way to a provider and back ended nowhere, `/sign-in?problem=NAME`. */
export const flowProblems = [
  'account-exists',
  'cookie-missing',
  'email-unverified',
  'expired',
  'joined-elsewhere',
  'other-person',
  'other-tab',
  'provider-failed',
  'refused',
  'signed-out',
] as const;
export type FlowProblemName = (typeof flowProblems)[number];

export const startQuery = z.object({ to: z.optional(z.string()), purpose: z.optional(z.enum(flowPurposes)) });

/** What a provider sends a browser back with. RFC 6749 §4.1.2, RFC 9207; whatever else it says is not looked at. */
export const callbackQuery = z.object({
  state: z.optional(z.string()),
  code: z.optional(z.string()),
  error: z.optional(z.string()),
  iss: z.optional(z.string()),
});

export const joinedProvider = z.object({ provider: z.enum(providers), email: z.string(), joinedAt: z.string() });
export type JoinedProvider = z.infer<typeof joinedProvider>;

export const providersAnswer = z.object({
  items: z.array(joinedProvider),
  /** Whether the account has a password, too. */
  hasPassword: z.boolean(),
});

const withinOneSite = /^\/(?![/\\])[^\\\p{Cc}]*$/u;

/**
 * A path within the app, from an address that anybody may have written; anything else is `null`. Looked at twice: what a
 * browser makes of `/..//example.org` leads away as well as `//example.org` does. ASVS 3.7.2.
 */
export function safePath(wanted: unknown, origin: string): string | null {
  if (typeof wanted !== 'string' || wanted.length > 2_000 || !withinOneSite.test(wanted)) return null;
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null;
  const path = url?.origin === origin ? `${url.pathname}${url.search}${url.hash}` : '';
  return withinOneSite.test(path) && !path.startsWith('/api/') ? path : null;
}
