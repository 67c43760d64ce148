import { z } from 'zod/mini';
import { providers } from '../store/port.ts';

/** What a page must know about this deployment before anybody signed in. `GET /api/deployment`. */
export const deploymentAnswer = z.object({
  deployment: z.object({
    origin: z.string(),
    /** The services that are simulated on this machine, such as `mail`. */
    sandbox: z.array(z.string()),
    /** Whom people can sign in with, beside a password. */
    providers: z.array(z.enum(providers)),
    passwordMinLength: z.number(),
    hasOperator: z.boolean(),
  }),
});
export type DeploymentView = z.infer<typeof deploymentAnswer>['deployment'];

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  reference: string;
  errors?: { path: string; message: string }[];
  [member: string]: unknown;
}

/** Screens of the app: one page serves them all. */
export const screens = [
  '/sign-up',
  '/sign-up/check-mail',
  '/sign-in',
  '/sign-in/second-factor',
  '/sign-in/reopen',
  '/proved',
  '/recovery',
  '/undo',
  '/add-factor',
  '/home',
  '/account',
  '/activity',
  '/operator',
  '/operators',
] as const;

/** Pages that the server renders and that may be somebody's destination after signing in; `:` stands before what varies. */
export const pages = [
  '/',
  '/docs',
  '/problems',
  '/problems/:name',
  '/security',
  '/security/claims/:claim',
  '/security/run',
] as const;

const withinOneSite = /^\/(?![/\\])[^\\\p{Cc}]*$/u;
const known = [...screens, ...pages].map(
  (path) => new RegExp(`^${path.replaceAll(/:\w+/g, '[\\w-]+')}$`),
);

/**
 * The path of a screen or page, from an address that anybody may have written; anything else is `null`. The path is compared
 * as a router reads it, normalised and decoded, and is answered like that: `/%61pi/…` is `/api/…`, and no screen. ASVS 3.7.2.
 */
export function safePath(wanted: unknown, origin: string): string | null {
  if (typeof wanted !== 'string' || wanted.length > 2_000 || !withinOneSite.test(wanted))
    return null;
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null;
  const path = url?.origin === origin ? decoded(url.pathname) : null;
  return url && path !== null && known.some((form) => form.test(path))
    ? `${path}${url.search}${url.hash}`
    : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
