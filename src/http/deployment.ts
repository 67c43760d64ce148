import { deploymentAnswer } from '../api/deployment.ts';
import { providers } from '../records.ts';
import { endpoint } from './endpoint.ts';
import { sandboxServices } from './sandbox.ts';

export const deploymentEndpoint = endpoint({
  method: 'GET',
  path: '/api/deployment',
  summary: 'Get the public settings of this deployment',
  needs: 'anyone',
  limit: null,
  answer: deploymentAnswer,
  status: 200,
  problems: [],
  handle: async ({ config, store }) => ({
    deployment: {
      origin: config.origin,
      sandbox: sandboxServices(config),
      providers: providers.filter((name) => config[name] !== null),
      passwordMinLength: config.passwordMinLength,
      hasOperator: await store.hasOperator(),
    },
  }),
});
