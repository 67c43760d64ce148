import { isProblem } from '../../client/problem.ts';

/** What an error about a code means for the user. */

/** The challenge accepts no further code. */
export function isCodeOver(error: unknown): boolean {
  return (
    isProblem(error, 'challenge-over') || isProblem(error, 'not-found') || triesLeft(error) === 0
  );
}

/** After a wrong code; `undefined` for any other failure. */
export function triesLeft(error: unknown): number | undefined {
  const left = isProblem(error, 'wrong-code') ? error.members['attemptsLeft'] : undefined;
  return typeof left === 'number' ? left : undefined;
}
