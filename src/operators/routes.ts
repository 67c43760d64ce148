import { z } from 'zod/mini';
import {
  accountItem,
  factorRuleAnswer,
  factorRuleShape,
  limitItem,
  mailItem,
  mailState,
  operatorShape,
  recordItem,
  settingItem,
  type AccountItem,
} from '../api/operators.ts';
import { listAnswer, listQuery } from '../api/paging.ts';
import { user } from '../api/sessions.ts';
import { canaryDomain } from '../canary-addresses.ts';
import { endpoint } from '../http/endpoint.ts';
import { pageBy } from '../http/paging.ts';
import { userView } from '../sessions/views.ts';
import type { ListedAccount } from '../store/port/accounts.ts';
import { changeOperator } from './change-operator.ts';
import { endSessionsOf } from './end-sessions.ts';
import { clearLimit, exhaustedLimits } from './exhausted-limits.ts';
import { mailQueue, retryMail } from './mail-queue.ts';
import { operatorRecord } from './record.ts';
import { factorRule, requireFactor } from './require-factor.ts';
import { settingsInForce } from './settings.ts';

const listAccounts = endpoint({
  method: 'GET',
  path: '/api/operator/accounts',
  summary: 'List accounts by email address; `search` matches the beginning of an address or name',
  needs: 'operator',
  limit: null,
  query: z.extend(listQuery, { search: z.optional(z.string().check(z.maxLength(100))) }),
  answer: listAnswer(accountItem),
  status: 200,
  problems: [],
  handle: async ({ store, clock }, { query }) => {
    const search = (query.search ?? '').trim().toLowerCase();
    const except = await canaryDomain({ store, clock });
    const read = ({ before: after, limit }: { before: string | null; limit: number }) =>
      store.listAccounts({ search, except, after, limit, now: clock.now() });
    const page = await pageBy(query, read, ({ account }) => account.id);
    return { ...page, items: page.items.map(accountView) };
  },
});

function accountView({ account, sessions, lastUsedAt }: ListedAccount): AccountItem {
  return {
    ...userView(account),
    createdAt: account.createdAt.toISOString(),
    lastUsedAt: lastUsedAt && lastUsedAt.toISOString(),
    sessions,
  };
}

const setOperator = endpoint({
  method: 'PATCH',
  path: '/api/operator/accounts/:account',
  summary:
    'Grant or remove the operator role. Granting it ends the account’s sessions. The last operator can’t be removed',
  needs: 'confirmedOperator',
  limit: null,
  body: operatorShape,
  answer: z.object({ user }),
  status: 200,
  problems: ['not-found', 'conflict'],
  handle: async (services, { principal, params, body, client }) => ({
    user: userView(
      await changeOperator(services, {
        principal,
        accountId: params.account,
        operator: body.operator,
        client,
      }),
    ),
  }),
});

const endSessions = endpoint({
  method: 'DELETE',
  path: '/api/operator/accounts/:account/sessions',
  summary: 'End every session of an account and notify its owner',
  needs: 'confirmedOperator',
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { principal, params, client }) => {
    await endSessionsOf(services, { principal, accountId: params.account, client });
    return undefined;
  },
});

const listLimits = endpoint({
  method: 'GET',
  path: '/api/operator/limits',
  summary: 'List the active rate limits: name, subject and when each resets',
  needs: 'operator',
  limit: null,
  answer: listAnswer(limitItem),
  status: 200,
  problems: [],
  handle: async (services) => ({ items: await exhaustedLimits(services) }),
});

const clear = endpoint({
  method: 'DELETE',
  path: '/api/operator/limits/:limit',
  summary: 'Clear an active rate limit',
  needs: 'confirmedOperator',
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { principal, params, client }) => {
    await clearLimit(services, { principal, id: params.limit, client });
    return undefined;
  },
});

const listMail = endpoint({
  method: 'GET',
  path: '/api/operator/mail',
  summary: 'List the mail queue: recipients, attempts and errors, without message contents',
  needs: 'operator',
  limit: null,
  query: z.extend(listQuery, { state: z.optional(mailState) }),
  answer: listAnswer(mailItem),
  status: 200,
  problems: [],
  handle: (services, { query }) =>
    mailQueue(services, { ...query, state: query.state ?? 'queued' }),
});

const retry = endpoint({
  method: 'POST',
  path: '/api/operator/mail/:mail/retry',
  summary: 'Retry a queued email now',
  needs: 'confirmedOperator',
  limit: null,
  answer: z.object({}),
  status: 202,
  problems: ['not-found'],
  handle: async (services, { principal, params, client }) => {
    await retryMail(services, { principal, id: params.mail, client });
    return {};
  },
});

const listSettings = endpoint({
  method: 'GET',
  path: '/api/operator/settings',
  summary: 'List every setting with its source, and its value unless it is secret',
  needs: 'operator',
  limit: null,
  answer: listAnswer(settingItem),
  status: 200,
  problems: [],
  handle: async ({ config }) => ({ items: settingsInForce(config) }),
});

const listRecord = endpoint({
  method: 'GET',
  path: '/api/operator/record',
  summary: 'List the deployment audit log, newest first',
  needs: 'operator',
  limit: null,
  query: listQuery,
  answer: listAnswer(recordItem),
  status: 200,
  problems: [],
  handle: (services, { query }) => operatorRecord(services, query),
});

const readFactorRule = endpoint({
  method: 'GET',
  path: '/api/operator/second-factor',
  summary:
    'Get the two-factor policy: whether it is required, from when, and how many accounts comply',
  needs: 'operator',
  limit: null,
  answer: factorRuleAnswer,
  status: 200,
  problems: [],
  handle: async (services) => ({ secondFactor: await factorRule(services) }),
});

const setFactorRule = endpoint({
  method: 'PUT',
  path: '/api/operator/second-factor',
  summary:
    'Require two-factor authentication for every account after a grace period, or stop requiring it; the operator needs a second factor',
  needs: 'confirmedOperator',
  limit: null,
  body: factorRuleShape,
  answer: factorRuleAnswer,
  status: 200,
  problems: ['conflict'],
  handle: async (services, { principal, body, client }) => ({
    secondFactor: await requireFactor(services, { principal, rule: body, client }),
  }),
});

export const operatorEndpoints = [
  listAccounts,
  setOperator,
  endSessions,
  listLimits,
  clear,
  listMail,
  retry,
  listSettings,
  readFactorRule,
  setFactorRule,
  listRecord,
];
