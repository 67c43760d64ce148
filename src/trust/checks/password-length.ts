import { trySignIn } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { contradicts, expectStatus, type CheckResponse } from '../probe/exchange.ts';
import { answeringStatus } from './support/tamper.ts';

/** bcrypt ignores all bytes after this one. */
const bcryptEnd = 72;

const testInstances: readonly { what: string; of(password: string): string }[] = [
  {
    what: 'the same first 72 characters but a different end',
    of: (password) => `${password.slice(0, bcryptEnd)}${'~'.repeat(password.length - bcryptEnd)}`,
  },
  { what: 'only its first 72 characters', of: (password) => password.slice(0, bcryptEnd) },
  { what: 'one extra character', of: (password) => `${password}~` },
];

/** ASVS 6.2.8. */
export const passwordLength: Check = {
  id: 'password-length',
  version: '1',
  title: 'Passwords are never truncated',
  method: 'TEST',
  vantage: 'black-box',
  ...fourTimesADay,
  limits: 'Passwords longer than 80 characters',
  byHand: {
    command: (origin) =>
      `curl -s ${origin}/api/sign-in -H 'Content-Type: application/json' -d '{"email":"YOU","password":"YOUR PASSWORD AND ONE MORE"}'`,
    expect: 'With your own account: wrong-credentials, however long the matching part is.',
  },
  async examine(context) {
    const { email, password } = await context.member();
    const stranger = await context.canary();
    const answers: { what: string; answer: CheckResponse }[] = [];
    for (const { what, of } of testInstances)
      answers.push({ what, answer: await trySignIn(stranger, { email, password: of(password) }) });
    const right = await trySignIn(stranger, { email, password });

    const faults = answers
      .filter(({ answer }) => contradicts(answer, 401))
      .map(({ what, answer }) => `A password with ${what} returned ${answer.status}.`);
    if (faults.length === 0) expectStatus(right, 200);
    const holds = `${answers.length} of ${answers.length} passwords that differ only near the end were rejected, and the correct one was accepted.`;
    return judge({
      faults,
      needs: answers.map(({ answer }) => answer),
      holds,
      examined: answers.length,
    });
  },
  controls: testInstances.map(({ what }, at) => ({
    where: `accepted: ${what}`,
    tamper: answeringStatus('/sign-in', 200, { nth: at }),
  })),
};
