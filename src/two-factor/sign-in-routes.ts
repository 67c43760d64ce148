import { z } from 'zod/mini';
import { userAnswer } from '../api/accounts.ts';
import {
  secondFactorShape,
  dueShape,
  methodsAnswer,
  optionsAnswer,
  passkeySignInShape,
} from '../api/two-factor.ts';
import { endpoint } from '../http/endpoint.ts';
import { cameIn } from '../sessions/replies.ts';
import { finishSignIn, methodsForSignIn, passkeyForSignIn } from './finish-sign-in.ts';
import { requestOptions } from './passkeys.ts';
import { signInWithPasskey } from './sign-in-with-passkey.ts';

const secondFactor = endpoint({
  method: 'POST',
  path: '/api/sign-in/second-factor',
  summary: 'Finish a sign-in with a second factor',
  needs: 'anyone',
  limit: 'sign-in',
  body: secondFactorShape,
  answer: userAnswer,
  status: 200,
  problems: ['not-found', 'account-closing', 'wrong-code', 'wrong-purpose', 'challenge-over'],
  handle: async (services, { body, client }) => {
    const { challenge, ...proof } = body;
    const { account, entered } = await finishSignIn(services, { challenge, proof, client });
    return cameIn(account, entered);
  },
});

const secondFactorMethods = endpoint({
  method: 'POST',
  path: '/api/sign-in/second-factor/methods',
  summary: 'List the methods for a required second factor',
  needs: 'anyone',
  limit: 'sign-in',
  body: dueShape,
  answer: methodsAnswer,
  status: 200,
  problems: ['not-found', 'wrong-purpose', 'challenge-over'],
  handle: async (services, { body }) => ({
    methods: await methodsForSignIn(services, body.challenge),
  }),
});

const secondFactorPasskey = endpoint({
  method: 'POST',
  path: '/api/sign-in/second-factor/passkey/options',
  summary: 'Get the passkey request for a second factor',
  needs: 'anyone',
  limit: 'sign-in',
  body: dueShape,
  answer: optionsAnswer,
  status: 200,
  problems: ['not-found', 'wrong-purpose', 'challenge-over'],
  handle: async (services, { body }) => ({
    options: await passkeyForSignIn(services, body.challenge),
  }),
});

const passkeyOptions = endpoint({
  method: 'POST',
  path: '/api/sign-in/passkey/options',
  summary: 'Get the passkey request for signing in without a password',
  needs: 'anyone',
  limit: 'sign-in',
  body: z.strictObject({}),
  answer: optionsAnswer,
  status: 200,
  problems: [],
  handle: async (services) => ({
    options: await requestOptions(services, { factors: null, purpose: 'sign-in', subjectId: null }),
  }),
});

const passkeySignIn = endpoint({
  method: 'POST',
  path: '/api/sign-in/passkey',
  summary: 'Sign in with a passkey alone; it must verify the user',
  needs: 'anyone',
  limit: 'sign-in',
  body: passkeySignInShape,
  answer: userAnswer,
  status: 200,
  problems: ['wrong-credentials', 'user-verification-required', 'account-closing'],
  handle: async (services, { body, client }) => {
    const presented = { response: body.response, client };
    const { account, entered } = await signInWithPasskey(services, presented);
    return cameIn(account, entered);
  },
});

export const signInEndpoints = [
  secondFactor,
  secondFactorMethods,
  secondFactorPasskey,
  passkeyOptions,
  passkeySignIn,
];
