import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod/mini';
import {
  accountItem,
  factorRuleAnswer,
  limitItem,
  mailItem,
  recordItem,
  settingItem,
  type MailItem,
} from '../../../src/api/operators.ts';
import { call } from '../../client/api.ts';

/** The queries of the operators’ screen. Each key begins with `operators`. */
const operatorsKey = ['operators'];

function listOf<Item>(item: z.ZodMiniType<Item>) {
  return z.object({ items: z.array(item), next: z.optional(z.string()) });
}

function pagesOf<Item>(
  what: string,
  item: z.ZodMiniType<Item>,
  filter: Record<string, string> = {},
) {
  const answer = listOf(item);
  return infiniteQueryOptions({
    queryKey: [...operatorsKey, what, filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        ...filter,
        limit: '50',
        ...(pageParam !== '' && { after: pageParam }),
      });
      return call({ method: 'GET', path: `/api/operator/${what}?${query}`, answer, signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}

function allOf<Item>(what: string, item: z.ZodMiniType<Item>) {
  const answer = listOf(item);
  return queryOptions({
    queryKey: [...operatorsKey, what],
    queryFn: async ({ signal }) =>
      (await call({ method: 'GET', path: `/api/operator/${what}`, answer, signal })).items,
  });
}

export const accountsQuery = (search: string) =>
  pagesOf('accounts', accountItem, search === '' ? {} : { search });
export const mailQuery = (state: MailItem['state']) => pagesOf('mail', mailItem, { state });
export const recordQuery = pagesOf('record', recordItem);
export const limitsQuery = allOf('limits', limitItem);
export const settingsQuery = allOf('settings', settingItem);

export const factorRuleQuery = queryOptions({
  queryKey: [...operatorsKey, 'second-factor'],
  queryFn: async ({ signal }) =>
    (
      await call({
        method: 'GET',
        path: '/api/operator/second-factor',
        answer: factorRuleAnswer,
        signal,
      })
    ).secondFactor,
});
