import { z } from 'zod/mini';
import {
  activityDay,
  activityItem,
  activityQuery,
  emailChangeShape,
  exportShape,
  passwordChangeShape,
  profileShape,
  reopenShape,
  undoAnswer,
  undoShape,
  userAnswer,
} from '../api/accounts.ts';
import { challengeAnswer } from '../api/challenges.ts';
import { deletionDays, undoDays } from '../api/durations.ts';
import { summaryOf } from '../api/events.ts';
import { listAnswer } from '../api/paging.ts';
import type { PasswordRules } from '../api/password-rules.ts';
import { limitedEvent } from '../audit/security-event.ts';
import { challengeView } from '../challenges/views.ts';
import { endpoint } from '../http/endpoint.ts';
import { Reply } from '../http/reply.ts';
import { Problem } from '../problems.ts';
import { signedOut } from '../sessions/replies.ts';
import { userView } from '../sessions/views.ts';
import { activityDays } from './activity-days.ts';
import { activity } from './activity.ts';
import { startEmailChange } from './change-email.ts';
import { changePassword } from './change-password.ts';
import { closeAccount, reopenAccount } from './close-account.ts';
import { accountExport } from './export.ts';
import { undo } from './undo.ts';

const setPassword = (rules: PasswordRules) =>
  endpoint({
    method: 'POST',
    path: '/api/account/password',
    summary:
      'Change the password; ends every other session. With a second factor, it needs a recent re-authentication',
    needs: 'confirmedIfFactor',
    whileEnrolling: true,
    limit: 'sign-in',
    body: passwordChangeShape(rules),
    answer: z.object({}),
    status: 200,
    problems: ['wrong-credentials', 'conflict'],
    handle: async (services, { principal, body, client }) => {
      const { cookies } = await changePassword(services, { principal, ...body, client });
      return new Reply({}, { cookies });
    },
  });

const rename = endpoint({
  method: 'PATCH',
  path: '/api/account',
  summary: 'Change the account’s name',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  body: profileShape,
  answer: userAnswer,
  status: 200,
  problems: [],
  handle: async (services, { principal, body, client }) => {
    const event = await limitedEvent(services, {
      action: 'account.renamed',
      accountId: principal.account.id,
      actorId: principal.account.id,
      client,
    });
    const account = await services.store.renameAccount({
      accountId: principal.account.id,
      name: body.name,
      event,
    });
    if (!account) throw new Problem('not-signed-in');
    return { user: userView(account) };
  },
});

const changeEmail = endpoint({
  method: 'POST',
  path: '/api/account/email',
  summary: 'Send a code to a new email address; the old address stays until the code is verified',
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: 'recover',
  body: emailChangeShape,
  answer: challengeAnswer,
  status: 202,
  problems: [],
  handle: async (services, { principal, body, client }) => ({
    challenge: challengeView(
      await startEmailChange(services, { principal, email: body.email, client }),
    ),
  }),
});

const exportAccount = endpoint({
  method: 'GET',
  path: '/api/account/export',
  summary: 'Export the account’s data without secrets; one export at a time',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: 'export',
  answer: exportShape,
  status: 200,
  problems: [],
  handle: async (services, { principal }) =>
    new Response(await accountExport(services, principal), {
      headers: { 'Content-Type': 'application/json' },
    }),
});

const close = endpoint({
  method: 'DELETE',
  path: '/api/account',
  summary: `Schedule the account for deletion: every session ends, and the account is erased after ${deletionDays} days`,
  needs: 'recentlyConfirmed',
  whileEnrolling: true,
  limit: null,
  answer: z.object({ erasedAt: z.string() }),
  status: 202,
  problems: ['conflict'],
  handle: async (services, { principal, client }) => {
    const erasedAt = await closeAccount(services, principal, client);
    return signedOut({ erasedAt: erasedAt.toISOString() });
  },
});

const reopen = endpoint({
  method: 'POST',
  path: '/api/account/reopen',
  summary: 'Restore an account scheduled for deletion, with the token from its sign-in',
  needs: 'anyone',
  limit: 'undo',
  body: reopenShape,
  answer: z.object({}),
  status: 200,
  problems: ['gone'],
  handle: async (services, { body, client }) => {
    await reopenAccount(services, { token: body.token, client });
    return {};
  },
});

const ownActivity = endpoint({
  method: 'GET',
  path: '/api/account/activity',
  summary: 'List the account’s activity, newest first, optionally by kind or by days',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  query: activityQuery,
  answer: listAnswer(activityItem),
  status: 200,
  problems: [],
  handle: (services, { principal, query }) => activity(services, principal, query),
});

const ownActivityDays = endpoint({
  method: 'GET',
  path: '/api/account/activity/days',
  summary: 'Count the account’s activity on each of the last 30 days, in UTC',
  needs: 'signedIn',
  whileEnrolling: true,
  limit: null,
  answer: z.object({ items: z.array(activityDay) }),
  status: 200,
  problems: [],
  handle: (services, { principal }) => activityDays(services, principal),
});

const undoChange = endpoint({
  method: 'POST',
  path: '/api/account/undo',
  summary: `Secure an account with the “This wasn’t me” link of a notice from the last ${undoDays} days: every session ends, the password stops working, second factors and providers that were added since then are removed, the previous email address is restored, and all such links stop working. If another account has that address, the response says \`taken\`, and the link stays valid to restore it later`,
  needs: 'anyone',
  limit: 'undo',
  body: undoShape,
  answer: undoAnswer,
  status: 200,
  problems: ['gone'],
  handle: async (services, { body, client }) => {
    const { doneToOthers, address } = await undo(services, {
      token: body.token,
      everyProvider: body.everyProvider ?? false,
      client,
    });
    return {
      doneToOthers: doneToOthers.map(({ at, action }) => ({
        at: at.toISOString(),
        summary: summaryOf(action),
      })),
      address,
    };
  },
});

export const ownAccountEndpoints = (rules: PasswordRules) => [
  setPassword(rules),
  rename,
  changeEmail,
  exportAccount,
  close,
  reopen,
  ownActivity,
  ownActivityDays,
  undoChange,
];
