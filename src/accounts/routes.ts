import { z } from 'zod/mini';
import {
  claimCheckShape,
  claimShape,
  completionShape,
  recoveryShape,
  signInAnswer,
  signInShape,
  signUpShape,
  userAnswer,
} from '../api/accounts.ts';
import { challengeAnswer, verifyShape } from '../api/challenges.ts';
import type { PasswordRules } from '../api/password-rules.ts';
import { challengeView } from '../challenges/views.ts';
import { endpoint } from '../http/endpoint.ts';
import { cameIn } from '../sessions/replies.ts';
import { userView } from '../sessions/views.ts';
import { checkClaim, claimOperator } from './claim-operator.ts';
import { completeRecovery, startRecovery } from './recover.ts';
import { redeemCode } from './redeem-code.ts';
import { resendCode } from './resend-code.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';

const openSignUp = (rules: PasswordRules) =>
  endpoint({
    method: 'POST',
    path: '/api/sign-up',
    summary: 'Sign up; sends a verification code by email',
    needs: 'anyone',
    limit: 'sign-up',
    body: signUpShape(rules),
    answer: challengeAnswer,
    status: 202,
    problems: [],
    handle: async (services, { body, client }) => ({
      challenge: challengeView(await signUp(services, { ...body, client })),
    }),
  });

const verify = endpoint({
  method: 'POST',
  path: '/api/challenges/:id/verify',
  summary: 'Verify the code from an email',
  needs: 'anyone',
  limit: 'guess-code',
  body: verifyShape,
  answer: userAnswer,
  status: 200,
  problems: [
    'not-signed-in',
    'not-found',
    'conflict',
    'challenge-over',
    'wrong-code',
    'wrong-purpose',
  ],
  handle: async (services, { params, body, client }) => {
    const typed = { id: params.id, code: body.code, client };
    const { account, entered } = await redeemCode(services, typed);
    return entered ? cameIn(account, entered) : { user: userView(account) };
  },
});

const resend = endpoint({
  method: 'POST',
  path: '/api/challenges/:id/resend',
  summary: 'Resend the code; the previous one stops working',
  needs: 'anyone',
  limit: 'resend-code',
  answer: challengeAnswer,
  status: 202,
  problems: ['not-found', 'challenge-over', 'wrong-purpose'],
  handle: async (services, { params, client }) => ({
    challenge: challengeView(await resendCode(services, { id: params.id, client })),
  }),
});

const passwordSignIn = endpoint({
  method: 'POST',
  path: '/api/sign-in',
  summary: 'Sign in with a password',
  needs: 'anyone',
  limit: 'sign-in',
  body: signInShape,
  answer: signInAnswer,
  status: 200,
  problems: ['wrong-credentials', 'account-closing', 'email-unverified'],
  handle: async (services, { body, client }) => {
    const { account, entry } = await services.passwords.admit(() =>
      signIn(services, { ...body, stay: body.stay ?? false, client }),
    );
    return entry.kind === 'factor-due'
      ? { challenge: challengeView(entry.due.challenge), methods: entry.due.methods }
      : cameIn(account, entry);
  },
});

const claim = (rules: PasswordRules) =>
  endpoint({
    method: 'POST',
    path: '/api/operators/claim',
    summary: 'Create the operator account with the link from the terminal',
    needs: 'anyone',
    limit: 'claim-operator',
    body: claimShape(rules),
    answer: userAnswer,
    status: 201,
    problems: ['gone', 'conflict'],
    handle: async (services, { body, client }) => {
      const { account, entered } = await claimOperator(services, { ...body, client });
      return cameIn(account, entered);
    },
  });

const claimCheck = endpoint({
  method: 'POST',
  path: '/api/operators/claim/check',
  summary: 'Check whether the link from the terminal is still valid',
  needs: 'anyone',
  limit: 'claim-operator',
  body: claimCheckShape,
  status: 204,
  problems: ['gone'],
  handle: async (services, { body }) => {
    await checkClaim(services, body.token);
    return undefined;
  },
});

const openRecovery = endpoint({
  method: 'POST',
  path: '/api/recovery',
  summary: 'Send a password reset code by email',
  needs: 'anyone',
  limit: 'recover',
  body: recoveryShape,
  answer: challengeAnswer,
  status: 202,
  problems: [],
  handle: async (services, { body, client }) => ({
    challenge: challengeView(await startRecovery(services, { ...body, client })),
  }),
});

const finishRecovery = (rules: PasswordRules) =>
  endpoint({
    method: 'POST',
    path: '/api/recovery/complete',
    summary: 'Reset the password with the code; ends every session',
    needs: 'anyone',
    limit: 'guess-code',
    body: completionShape(rules),
    answer: z.object({}),
    status: 200,
    problems: ['not-found', 'challenge-over', 'wrong-code', 'wrong-purpose'],
    handle: async (services, { body, client }) => {
      await completeRecovery(services, {
        id: body.challenge,
        code: body.code,
        password: body.password,
        client,
      });
      return {};
    },
  });

export const accountEndpoints = (rules: PasswordRules) => [
  openSignUp(rules),
  verify,
  resend,
  passwordSignIn,
  openRecovery,
  finishRecovery(rules),
  claim(rules),
  claimCheck,
];
