import { call, noAnswer } from '../../client/api.ts';
import { isProblem } from '../../client/problem.ts';

/**
 * Whether the link can still create an operator account. If that cannot be found out now, sending
 * the form will tell.
 */
export async function isClaimOpen(token: string): Promise<boolean> {
  try {
    await call({
      method: 'POST',
      path: '/api/operators/claim/check',
      body: { token },
      answer: noAnswer,
    });
    return true;
  } catch (error) {
    return !isProblem(error, 'gone');
  }
}
