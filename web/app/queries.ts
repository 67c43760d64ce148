import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod/mini';
import { activityDay, activityItem } from '../../src/api/accounts.ts';
import { deploymentAnswer } from '../../src/api/deployment.ts';
import { providersAnswer } from '../../src/api/providers.ts';
import { sessionAnswer, sessionItem } from '../../src/api/sessions.ts';
import { factorsAnswer } from '../../src/api/two-factor.ts';
import { call } from '../client/api.ts';
import { isProblem } from '../client/problem.ts';
import type { ActivityFilters } from './activity/activity-filters.tsx';

/** Everything that the app loads, each under one key. */

export type Principal = z.infer<typeof sessionAnswer>;
const sessionsAnswer = z.object({ items: z.array(sessionItem) });
const activityAnswer = z.object({ items: z.array(activityItem), next: z.optional(z.string()) });

export const deploymentQuery = queryOptions({
  queryKey: ['deployment'],
  queryFn: async ({ signal }) =>
    (await call({ method: 'GET', path: '/api/deployment', answer: deploymentAnswer, signal }))
      .deployment,
  staleTime: Infinity,
});

/** The signed-in account; `null` means signed out, which is not an error. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) =>
    call({ method: 'GET', path: '/api/session', answer: sessionAnswer, signal }).catch(
      nullIfSignedOut,
    ),
  staleTime: 30_000,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) =>
    (await call({ method: 'GET', path: '/api/sessions', answer: sessionsAnswer, signal })).items,
});

const activityDaysAnswer = z.object({ items: z.array(activityDay) });

export const activityDaysQuery = queryOptions({
  queryKey: ['activity-days'],
  queryFn: async ({ signal }) =>
    (
      await call({
        method: 'GET',
        path: '/api/account/activity/days',
        answer: activityDaysAnswer,
        signal,
      })
    ).items,
});

export const connectedQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) =>
    call({ method: 'GET', path: '/api/account/providers', answer: providersAnswer, signal }),
});

export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: ({ signal }) =>
    call({ method: 'GET', path: '/api/factors', answer: factorsAnswer, signal }),
});

/** Page by page: each page names the next one. */
export const activityQuery = ({ kind, days }: ActivityFilters) =>
  infiniteQueryOptions({
    queryKey: ['activity', kind, days],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: '20',
        ...(kind && { kind }),
        ...(days && { days: `${days}` }),
        ...(pageParam !== '' && { after: pageParam }),
      });
      return call({
        method: 'GET',
        path: `/api/account/activity?${query}`,
        answer: activityAnswer,
        signal,
      });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

function nullIfSignedOut(error: unknown): null {
  if (isProblem(error, 'not-signed-in')) return null;
  throw error;
}
