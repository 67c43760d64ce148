import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod/mini';
import { accountItem, mailItem, settingItem } from '../../../src/api/operators.ts';
import { call } from '../../client/api.ts';
import type { SetupFacts } from './setup.ts';

const settings = z.object({ items: z.array(settingItem) });
const mails = z.object({ items: z.array(mailItem) });
const accounts = z.object({ items: z.array(accountItem), next: z.optional(z.string()) });

/**
 * Loaded again whenever the operator returns to the page, so that what was done elsewhere shows at
 * once.
 */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }): Promise<Omit<SetupFacts, 'origin'>> => {
    const [{ items }, waiting, sent, operators] = await Promise.all([
      call({ method: 'GET', path: '/api/operator/settings', answer: settings, signal }),
      call({ method: 'GET', path: '/api/operator/mail?state=queued', answer: mails, signal }),
      call({ method: 'GET', path: '/api/operator/mail?state=sent&limit=1', answer: mails, signal }),
      countOperators(signal),
    ]);
    const stuck =
      waiting.items.find(({ tries, reason }) => tries > 0 && reason !== null)?.reason ?? null;
    return { settings: items, mail: { hasSent: sent.items.length > 0, stuck }, operators };
  },
});

/** Two are enough to decide, so no more are requested. */
async function countOperators(signal: AbortSignal): Promise<number> {
  let found = 0;
  for (let next: string | undefined = ''; next !== undefined && found < 2;) {
    const path: string = `/api/operator/accounts?limit=100${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`;
    const page: { items: { operator: boolean }[]; next?: string | undefined } = await call({
      method: 'GET',
      path,
      answer: accounts,
      signal,
    });
    found += page.items.filter(({ operator }) => operator).length;
    next = page.next;
  }
  return found;
}
