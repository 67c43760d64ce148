import { triesLeft } from '../code-problems.ts';
import { isProblem } from '../problem.ts';
import { words } from '../words.ts';

/** The sentence for a factor that was not accepted; `undefined` for any other failure. */
export function wrongProof(error: unknown): string | undefined {
  if (!isProblem(error, 'wrong-code')) return undefined;
  const left = triesLeft(error);
  return left === undefined ? error.message : `${error.message} ${words.checkMail.left(left)}`;
}
