import type { ServerProcess } from './server-process.ts';
import { type Answer, goodPassword, type Visitor } from './visitor.ts';

/** How far somebody's sign-up came, as far as the server has said so. */
export interface Attempt {
  readonly email: string;
  readonly visitor: Visitor;
  /** The id of the challenge, once the sign-up was answered 202. */
  challenge: string | null;
  /** The proof was answered 200. */
  proved: boolean;
  /** What was answered that is neither success nor the end of the connection. */
  odd: number[];
}

const sideBySide = 6;

export interface Load {
  attempts: readonly Attempt[];
  /** Resolves when the server is gone. */
  over: Promise<unknown>;
}

/** Signs up and proves addresses, some side by side, until the server is gone. */
export function signUpUntilGone(server: ServerProcess, label: string): Load {
  const attempts: Attempt[] = [];
  let gone = false;
  void server.ended.then(() => (gone = true));
  const worker = async (number: number): Promise<void> => {
    for (let n = 0; !gone; n += 1) {
      const attempt: Attempt = { email: `${label}-${number}-${n}@example.org`, visitor: server.visitor(), challenge: null, proved: false, odd: [] };
      attempts.push(attempt);
      await signUp(attempt).catch(() => undefined);
    }
  };
  return { attempts, over: Promise.all(Array.from({ length: sideBySide }, (_, number) => worker(number))) };
}

/** Rejects when the connection ends. */
async function signUp(attempt: Attempt): Promise<void> {
  const { visitor, email } = attempt;
  const opened = await visitor.post('/api/sign-up', { email, password: goodPassword, name: 'Ada' });
  if (!isExpected(attempt, opened, 202)) return;
  attempt.challenge = opened.body.challenge.id;
  const code = await visitor.codeFor(email);
  const proved = await visitor.post(`/api/challenges/${attempt.challenge}/verify`, { code });
  attempt.proved = isExpected(attempt, proved, 200);
}

function isExpected(attempt: Attempt, { status }: Answer, expected: number): boolean {
  if (status !== expected) attempt.odd.push(status);
  return status === expected;
}
