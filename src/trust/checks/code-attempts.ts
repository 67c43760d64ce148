import { signUp, tryCode, wrongCode, type Canary } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, Hindered, type CheckResponse } from '../probe/exchange.ts';
import { answering, answeringStatus } from './support/tamper.ts';

const attempts = 5;
const crowd = 12;

/** ASVS 6.5.1, 6.6.3. */
export const codeAttempts: Check = {
  id: 'code-attempts',
  version: '1',
  title: 'A code allows five attempts, even in parallel, and cannot be resent within a minute',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Codes other than those for sign-up, and who can read the mailbox',
  byHand: {
    command: (origin) =>
      `for try in 1 2 3 4 5 6; do curl -s ${origin}/api/challenges/ID/verify -H 'Content-Type: application/json' -d '{"code":"000000"}'; done`,
    expect:
      'With the challenge ID of your own sign-up: attemptsLeft counts down from 4 to 0, then challenge-over.',
  },
  async examine(context) {
    const sequential = await guessSequentially(await context.canary());
    const atOnce = await guessAtOnce(await context.canary());
    const sequentialWeighed = sequential.wrong.filter(isWeighed).length;
    const atOnceWeighed = atOnce.guesses.filter(isWeighed).length;
    const faults = [
      ...sequential.wrong
        .filter((answer) => contradicts(answer, 422))
        .map(({ status }) => `One of five wrong codes returned ${status}.`),
      sequentialWeighed >= attempts &&
        contradicts(sequential.right, 410) &&
        `After five wrong codes, the correct code returned ${sequential.right.status}.`,
      atOnceWeighed > attempts &&
        `Of ${crowd} parallel guesses, ${atOnceWeighed} were compared with the code.`,
      atOnceWeighed >= attempts &&
        contradicts(atOnce.right, 410) &&
        `After ${crowd} parallel guesses, the correct code returned ${atOnce.right.status}.`,
      contradicts(atOnce.again, 429) &&
        `A request for a second code within a minute returned ${atOnce.again.status}.`,
    ].filter((fault) => fault !== false);
    if (faults.length === 0) expectStatus(atOnce.again, 429);
    if (faults.length === 0 && atOnceWeighed < attempts)
      throw new Hindered(
        `Only ${atOnceWeighed} of ${crowd} parallel guesses were compared with the code.`,
      );
    const holds = `After five wrong codes the correct one was rejected. Of ${crowd} parallel guesses, ${atOnceWeighed} were compared with the code. A second code within a minute was refused.`;
    return judge({
      faults,
      needs: [...sequential.wrong, sequential.right, atOnce.right],
      holds,
      examined: attempts + crowd + 3,
    });
  },
  controls: [
    {
      where: 'correct code accepted after five wrong ones',
      tamper: answeringStatus('/verify', 200, { visitor: 'canary 1', nth: attempts }),
    },
    {
      where: 'wrong code accepted',
      tamper: answeringStatus('/verify', 200, { visitor: 'canary 1', nth: 2 }),
    },
    {
      where: 'parallel guesses not counted',
      tamper: answering('/verify', ({ status }) => ({ status: status === 410 ? 422 : status }), {
        visitor: 'canary 2',
      }),
    },
    {
      where: 'correct code accepted after parallel guesses',
      tamper: answeringStatus('/verify', 200, { visitor: 'canary 2', nth: crowd }),
    },
    { where: 'second code sent within a minute', tamper: answeringStatus('/resend', 202) },
  ],
};

async function guessSequentially(
  canary: Canary,
): Promise<{ wrong: CheckResponse[]; right: CheckResponse }> {
  const challenge = await signUp(canary);
  const code = await canary.nextCode();
  const wrong: CheckResponse[] = [];
  for (let n = 1; n <= attempts; n += 1)
    wrong.push(await tryCode(canary, challenge, wrongCode(code, n)));
  return { wrong, right: await tryCode(canary, challenge, code) };
}

async function guessAtOnce(
  canary: Canary,
): Promise<{ again: CheckResponse; guesses: CheckResponse[]; right: CheckResponse }> {
  const challenge = await signUp(canary);
  const code = await canary.nextCode();
  const again = await canary.send({ method: 'POST', path: `/api/challenges/${challenge}/resend` });
  const guesses = await Promise.all(
    Array.from({ length: crowd }, (_, n) => tryCode(canary, challenge, wrongCode(code, n + 1))),
  );
  return { again, guesses, right: await tryCode(canary, challenge, code) };
}

/** Whether the code was compared. */
function isWeighed({ status }: CheckResponse): boolean {
  return status === 422 || status === 200;
}
