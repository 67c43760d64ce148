import { z } from 'zod/mini';
import { listAnswer, listQuery } from '../api/paging.ts';
import { trustView } from '../api/trust.ts';
import { conditional, publicDocument } from '../http/conditional.ts';
import { endpoint } from '../http/endpoint.ts';
import { viewDocument } from './page/cached-document.ts';
import { runForOperator } from './runs/run-for-operator.ts';

const maxEntries = 100;

const link = z.object({
  seq: z.number(),
  /** Compact JWS. Its payload contains the hash of the previous entry, and the events since then. */
  jws: z.string(),
});

const history = endpoint({
  method: 'GET',
  path: '/api/trust/history',
  summary: 'List the signed evidence log behind the security page, oldest entry first',
  needs: 'anyone',
  limit: 'evidence-history',
  query: z.object({
    ...listQuery.shape,
    after: z.optional(
      z.string().check(z.regex(/^\d{1,15}$/, 'This must be the number of a link.')),
    ),
  }),
  answer: listAnswer(link),
  status: 200,
  problems: [],
  async handle({ store }, { query: { after, limit }, request }) {
    const size = Math.min(Number(limit ?? maxEntries), maxEntries);
    const links = await store.entriesAfter(Number(after ?? 0), size + 1);
    const items = links.slice(0, size).map(({ seq, jws }) => ({ seq, jws }));
    const page = { items, ...(links.length > size && { next: String(items.at(-1)?.seq) }) };
    return conditional(request, publicDocument(JSON.stringify(page), 'application/json'), {
      cacheControl: 'no-store',
    });
  },
});

const view = endpoint({
  method: 'GET',
  path: '/api/trust',
  summary: 'Get the security page as data: every claim, its status and what its checks observed',
  needs: 'anyone',
  limit: 'public-pages',
  answer: trustView,
  status: 200,
  problems: [],
  handle: async ({ trust, clock }, { request }) =>
    conditional(request, viewDocument(await trust.current(), clock.now()), {
      cacheControl: 'no-store',
    }),
});

const run = endpoint({
  method: 'POST',
  path: '/api/trust/run',
  summary: 'Start a security check run; it has finished when `ranAt` is newer',
  needs: 'operatorOrCron',
  limit: 'run-checks',
  answer: z.object({}),
  status: 202,
  problems: ['forbidden'],
  handle: async (services, { principal, client }) => {
    await (principal
      ? runForOperator(services, principal, client)
      : services.trust.request('cron'));
    return {};
  },
});

export const trustEndpoints = [view, history, run];
