import { isProblem } from '../../client/problem.ts';
import { messages } from '../messages.ts';
import { triesLeft } from '../session/code-problems.ts';

/** The message for a factor that was not accepted; `undefined` for any other failure. */
export function wrongAnswer(error: unknown): string | undefined {
  if (!isProblem(error, 'wrong-code')) return undefined;
  const left = triesLeft(error);
  return left === undefined ? error.message : messages.checkMail.wrong(left);
}
