import { startAnswer, type Provider } from '../../../src/api/providers.ts';
import { call, callOnce } from '../../client/api.ts';

const starts = {
  connect: {
    path: (provider: Provider) => `/api/account/providers/${provider}/connect`,
    send: call,
  },
  // Confirming is what the dialog is for, which `call` would open.
  confirm: { path: (provider: Provider) => `/api/session/confirm/${provider}`, send: callOnce },
};

/** Starts a flow that concerns the account: answers where the browser goes for it. Never by a GET, which a link could be. */
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
