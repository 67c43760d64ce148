import { isProblem } from '../../client/problem.ts';

/** What a refusal of a code means for whoever typed it. */

/** No code of this challenge will be taken any more. */
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
