import { startAnswer, type Provider } from '../../../src/api/providers.ts';
import { call, callOnce } from '../../client/api.ts';

const starts = {
  connect: {
    path: (provider: Provider) => `/api/account/providers/${provider}/connect`,
    send: call,
  },
  // The dialog itself re-authenticates, and `call` would open it again.
  confirm: { path: (provider: Provider) => `/api/session/confirm/${provider}`, send: callOnce },
};

/**
 * Starts a flow that concerns the account, and returns the URL that the browser goes to. It is
 * never a GET, because a link could start that.
 */
export async function startAt(
  provider: Provider,
  purpose: keyof typeof starts,
  to: string,
): Promise<string> {
  const { path, send } = starts[purpose];
  const { location } = await send({
    method: 'POST',
    path: path(provider),
    body: { to },
    answer: startAnswer,
  });
  return location;
}
