import { z } from 'zod/mini';
import { endpoint } from '../http/endpoint.ts';
import { runForOperator } from './run-for-operator.ts';
import { trustView } from './shapes.ts';

const view = endpoint({
  method: 'GET',
  path: '/api/trust',
  summary: 'The security page as data: every claim, its status, and what its checks saw',
  needs: 'anyone',
  limit: null,
  answer: trustView,
  status: 200,
  problems: [],
  handle: ({ trust }) => trust.view(),
});

const run = endpoint({
  method: 'POST',
  path: '/api/trust/run',
  summary: 'Make all checks now; they are made when `ranAt` is newer',
  needs: 'operatorOrCron',
  limit: 'run-checks',
  answer: z.object({}),
  status: 202,
  problems: ['forbidden'],
  handle: async (services, { who, client }) => {
    await (who ? runForOperator(services, who, client) : services.trust.request('cron'));
    return {};
  },
});

export const trustEndpoints = [view, run];
