import { z } from 'zod/mini';
import { factorRecoveryHours, reauthenticationMinutes } from '../api/durations.ts';
import { currentSession } from '../api/sessions.ts';
import {
  addedAnswer,
  confirmShape,
  dueShape,
  factorRecoveryAnswer,
  factorsAnswer,
  newPasskeyShape,
  optionsAnswer,
  recoveryCodesAnswer,
  totpConfirmShape,
  totpEnrolmentAnswer,
} from '../api/two-factor.ts';
import { endpoint } from '../http/endpoint.ts';
import { Reply } from '../http/reply.ts';
import { sessionView } from '../sessions/views.ts';
import { removeFactor, renewRecoveryCodes } from './change-factors.ts';
import { confirm, passkeyForConfirming } from './confirm.ts';
import { addPasskey, beginPasskey } from './enrol-passkey.ts';
import { beginTotp, confirmTotp } from './enrol-totp.ts';
import { startFactorRecovery, stopFactorRecovery } from './lost-factors.ts';
import { signInEndpoints } from './sign-in-routes.ts';
import { addedView, factorRecoveryView, factorView } from './views.ts';

const confirmation = endpoint({
  method: 'POST',
  path: '/api/session/confirm',
  summary: `Re-authenticate; valid for ${reauthenticationMinutes} minutes`,
  needs: 'signedIn',
  whileEnrolling: true,
  limit: 'sign-in',
  body: confirmShape,
  answer: z.object({ session: currentSession }),
  status: 200,
  problems: ['wrong-credentials', 'wrong-code', 'confirmation-required'],
  handle: async (services, { principal, body, client }) => {
    const { session, cookies } = await confirm(services, { principal, proof: body, client });
    return new Reply({ session: sessionView(session) }, { cookies });
  },
});

const confirmationPasskey = endpoint({
  method: 'POST',
  path: '/api/session/confirm/passkey/options',
  summary: 'Get the passkey request for re-authentication',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: 'sign-in',
  body: z.strictObject({}),
  answer: optionsAnswer,
  status: 200,
  problems: [],
  handle: async (services, { principal }) => ({
    options: await passkeyForConfirming(services, principal),
  }),
});

const listFactors = endpoint({
  method: 'GET',
  path: '/api/factors',
  summary: 'List the account’s second factors and the number of remaining recovery codes',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  answer: factorsAnswer,
  status: 200,
  problems: [],
  handle: async ({ store, clock }, { principal }) => {
    const { factors, recoveryCodesLeft } = await store.factorsOf(principal.account.id);
    const recovery = await store.findFactorRecovery(principal.account.id);
    return {
      items: factors.map(factorView),
      recoveryCodesLeft,
      recovery: recovery && clock.now() < recovery.closesAt ? factorRecoveryView(recovery) : null,
    };
  },
});

const newTotp = endpoint({
  method: 'POST',
  path: '/api/factors/totp',
  summary: 'Start adding an authenticator app; it is active once its first code is confirmed',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  answer: totpEnrolmentAnswer,
  status: 201,
  problems: ['conflict'],
  handle: async (services, { principal }) => {
    const { id, ...enrolment } = await beginTotp(services, principal);
    return { factor: { id }, ...enrolment };
  },
});

const firstTotp = endpoint({
  method: 'POST',
  path: '/api/factors/totp/confirm',
  summary:
    'Confirm an authenticator app; the account’s first factor returns recovery codes and ends other sessions',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: 'guess-code',
  body: totpConfirmShape,
  answer: addedAnswer,
  status: 200,
  problems: ['not-found', 'wrong-code', 'conflict'],
  handle: async (services, { principal, body, client }) => {
    const { cookies, ...added } = await confirmTotp(services, { principal, ...body, client });
    return new Reply(addedView(added), { cookies });
  },
});

const newPasskeyOptions = endpoint({
  method: 'POST',
  path: '/api/factors/passkeys/options',
  summary: 'Get the passkey creation request',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  body: z.strictObject({}),
  answer: optionsAnswer,
  status: 200,
  problems: ['conflict'],
  handle: async (services, { principal }) => ({ options: await beginPasskey(services, principal) }),
});

const newPasskey = endpoint({
  method: 'POST',
  path: '/api/factors/passkeys',
  summary:
    'Add a passkey; the account’s first factor returns recovery codes and ends other sessions',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  body: newPasskeyShape,
  answer: addedAnswer,
  status: 201,
  problems: ['conflict'],
  handle: async (services, { principal, body, client }) => {
    const { cookies, ...added } = await addPasskey(services, { principal, ...body, client });
    return new Reply(addedView(added), { cookies });
  },
});

const newCodes = endpoint({
  method: 'POST',
  path: '/api/factors/recovery-codes',
  summary: 'Generate new recovery codes; the previous ones stop working',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  answer: recoveryCodesAnswer,
  status: 201,
  problems: ['conflict'],
  handle: async (services, { principal, client }) => ({
    recoveryCodes: await renewRecoveryCodes(services, principal, client),
  }),
});

const dropFactor = endpoint({
  method: 'DELETE',
  path: '/api/factors/:id',
  summary: 'Remove a second factor',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { principal, params, client }) => {
    await removeFactor(services, principal, { id: params.id, client });
    return undefined;
  },
});

const lostFactors = endpoint({
  method: 'POST',
  path: '/api/recovery/factors',
  summary: `Start the recovery of lost second factors: after ${factorRecoveryHours} hours, the next sign-in removes them, unless the account owner stops it`,
  needs: 'anyone',
  limit: 'recover',
  body: dueShape,
  answer: factorRecoveryAnswer,
  status: 202,
  problems: ['not-found', 'wrong-purpose', 'challenge-over'],
  handle: async (services, { body, client }) => {
    const { opensAt } = await startFactorRecovery(services, { challenge: body.challenge, client });
    return { opensAt: opensAt.toISOString() };
  },
});

const keptFactors = endpoint({
  method: 'DELETE',
  path: '/api/recovery/factors',
  summary: 'Cancel the recovery of lost second factors',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  status: 204,
  problems: ['not-found'],
  handle: async (services, { principal, client }) => {
    await stopFactorRecovery(services, principal, client);
    return undefined;
  },
});

export const factorEndpoints = [
  ...signInEndpoints,
  confirmation,
  confirmationPasskey,
  listFactors,
  newTotp,
  firstTotp,
  newPasskeyOptions,
  newPasskey,
  newCodes,
  dropFactor,
  lostFactors,
  keptFactors,
];
