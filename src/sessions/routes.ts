import { listAnswer, listQuery } from '../api/paging.ts';
import { sessionAnswer, sessionItem } from '../api/sessions.ts';
import { securityEvent } from '../audit/security-event.ts';
import { endpoint } from '../http/endpoint.ts';
import { pageOf } from '../http/paging.ts';
import { Problem } from '../problems.ts';
import { authenticate } from './authenticate.ts';
import { endSession } from './end-session.ts';
import { sessionItems } from './list-sessions.ts';
import { signedOut } from './replies.ts';
import { enrolmentView, sessionView, userView } from './views.ts';

const readSession = endpoint({
  method: 'GET',
  path: '/api/session',
  summary: 'Get the current user and session',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  answer: sessionAnswer,
  status: 200,
  problems: [],
  handle: async ({ clock }, { principal }) => ({
    user: userView(principal.account),
    session: sessionView(principal.session),
    secondFactor: enrolmentView(principal, clock.now()),
  }),
});

const checkConfirmation = endpoint({
  method: 'GET',
  path: '/api/session/confirm',
  summary: 'Check for a recent re-authentication; without one, lists the methods',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: [],
  handle: async () => undefined,
});

const signOut = endpoint({
  method: 'POST',
  path: '/api/sign-out',
  summary: 'End the current session',
  needs: 'anyone',
  limit: null,
  status: 204,
  problems: [],
  handle: async (services, { client }) => {
    const principal = await authenticate(services, client.sessionToken, { whileEnrolling: true });
    if (principal) await endSession(services, principal, principal.session.id, client);
    return signedOut(undefined);
  },
});

const listSessions = endpoint({
  method: 'GET',
  path: '/api/sessions',
  summary: 'List the account’s sessions',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  query: listQuery,
  answer: listAnswer(sessionItem),
  status: 200,
  problems: [],
  handle: async (services, { principal, query }) =>
    pageOf(await sessionItems(services, principal), query),
});

const revokeSession = endpoint({
  method: 'DELETE',
  path: '/api/sessions/:id',
  summary: 'End one session of the account',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { principal, params, client }) => {
    if (!(await endSession(services, principal, params.id, client))) throw new Problem('not-found');
    return params.id === principal.session.id ? signedOut(undefined) : undefined;
  },
});

const revokeOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/sessions',
  summary: 'End every other session of the account',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: [],
  handle: async (services, { principal, client }) => {
    const { id } = principal.account;
    const event = securityEvent(services, {
      action: 'session.others-ended',
      accountId: id,
      actorId: id,
      client,
    });
    await services.store.endOtherSessions({ accountId: id, keepId: principal.session.id, event });
    return undefined;
  },
});

export const sessionEndpoints = [
  readSession,
  checkConfirmation,
  signOut,
  listSessions,
  revokeSession,
  revokeOtherSessions,
];
