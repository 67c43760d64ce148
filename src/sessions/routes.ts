import { z } from 'zod/mini';
import { securityEvent } from '../audit/security-event.ts';
import { endpoint } from '../http/endpoint.ts';
import { listAnswer, listQuery, pageOf } from '../http/paging.ts';
import { Problem } from '../problems.ts';
import { authenticate, endOf } from './authenticate.ts';
import { forgetInBrowser } from './begin-session.ts';
import { endSession } from './end-session.ts';
import { currentSession, sessionItem, user } from './shapes.ts';
import { sessionView, userView } from './views.ts';

const readSession = endpoint({
  method: 'GET',
  path: '/api/session',
  summary: 'Who is signed in, and since when',
  needs: 'signedIn',
  limit: null,
  answer: z.object({ user, session: currentSession }),
  status: 200,
  problems: [],
  handle: async (_, { who }) => ({ user: userView(who.account), session: sessionView(who.session) }),
});

const signOut = endpoint({
  method: 'POST',
  path: '/api/sign-out',
  summary: 'End the current session',
  needs: 'anyone',
  limit: null,
  status: 204,
  problems: [],
  handle: async (services, { client, headers }) => {
    const signed = await authenticate(services, client.sessionToken);
    if (signed) await endSession(services, signed, signed.session.id, client);
    forgetInBrowser(services, headers);
    return undefined;
  },
});

const listSessions = endpoint({
  method: 'GET',
  path: '/api/sessions',
  summary: 'Where one is signed in',
  needs: 'signedIn',
  limit: null,
  query: listQuery,
  answer: listAnswer(sessionItem),
  status: 200,
  problems: [],
  handle: async ({ store, clock }, { who, query }) => {
    const sessions = await store.listSessions(who.account.id, clock.now());
    const currentFirst = [...sessions].sort((a, b) => Number(b.id === who.session.id) - Number(a.id === who.session.id));
    const items = currentFirst.map((session) => ({
      id: session.id,
      current: session.id === who.session.id,
      device: session.device,
      address: session.address,
      method: session.method,
      deviceFirstUsedAt: session.deviceFirstUsedAt.toISOString(),
      createdAt: session.createdAt.toISOString(),
      lastUsedAt: session.lastUsedAt.toISOString(),
      expiresAt: endOf(session).toISOString(),
    }));
    return pageOf(items, query);
  },
});

const revokeSession = endpoint({
  method: 'DELETE',
  path: '/api/sessions/:id',
  summary: 'End one of one’s own sessions',
  needs: 'signedIn',
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { who, params, client, headers }) => {
    if (!(await endSession(services, who, params.id, client))) throw new Problem('not-found');
    if (params.id === who.session.id) forgetInBrowser(services, headers);
    return undefined;
  },
});

const revokeOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/sessions',
  summary: 'End all one’s sessions but this one',
  needs: 'signedIn',
  limit: null,
  status: 204,
  problems: [],
  handle: async (services, { who, client }) => {
    const { id } = who.account;
    const event = securityEvent(services, { action: 'session.others-ended', accountId: id, actorId: id, client });
    await services.store.endOtherSessions({ accountId: id, keepId: who.session.id, event });
    return undefined;
  },
});

export const sessionEndpoints = [readSession, signOut, listSessions, revokeSession, revokeOtherSessions];
