import type { QueryClient } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { sessionQuery, type Principal } from '../queries.ts';
import { tokenIn, keepToken } from './link-token.ts';

/** What screens require before they load. */

export interface Context {
  queryClient: QueryClient;
}

export interface Ask {
  context: Context;
}

export interface AskFrom extends Ask {
  location: { href: string };
}

/** For screens that make no sense to a signed-in user. */
export async function onlyStrangers({ context }: Ask): Promise<void> {
  if (await context.queryClient.ensureQueryData(sessionQuery))
    throw redirect({ to: '/home', replace: true });
}

/** For screens that need a session: a visitor without one signs in first and then returns. */
export async function onlySignedIn({ context, location }: AskFrom): Promise<Principal> {
  const session = await context.queryClient.ensureQueryData(sessionQuery);
  if (session === null)
    throw redirect({ to: '/sign-in', search: { to: location.href }, replace: true });
  return session;
}

/** The same; if enrolment is required, the user adds a second factor first. */
export async function onlyFree(ask: AskFrom): Promise<Principal> {
  const session = await onlySignedIn(ask);
  if (session.secondFactor?.enrolmentRequired)
    throw redirect({ to: '/add-factor', search: { to: ask.location.href }, replace: true });
  return session;
}

/** Moves the token of a link from the address bar into memory before anything renders. */
export function takeToken(to: '/operator' | '/undo' | '/sign-in/reopen') {
  return ({ location }: { location: { hash: string } }): void => {
    const token = tokenIn(location.hash);
    if (token === null) return;
    keepToken(to, token);
    throw redirect({ to, search: true, hash: '', replace: true });
  };
}
