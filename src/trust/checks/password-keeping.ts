import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import { formsOf, makePasswords, shows, walkWithPasswords } from './support/password-walk.ts';
import { knowing } from './support/tamper.ts';

/** ASVS 11.4.2, 14.2.1. */
export const passwordKeeping: Check = {
  id: 'password-keeping',
  version: '1',
  title: 'No password is passed to the database in plaintext, in any record or query',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Encodings other than plaintext, hexadecimal and base64, and writes that bypass the database adapter',
  async examine(context) {
    const testInstance = context.testInstance();
    const canary = await testInstance.canary();
    const { passwords, words } = await makePasswords(context.word);
    const ways = await walkWithPasswords(canary, passwords);
    const forms = formsOf(words);
    const handed = await testInstance.handedToStore([...forms, canary.email]);
    const lines = await testInstance.logLines(forms);

    const owned = handed.filter((one) => one.includes(canary.email)).length;
    const [kept, logged] = [shows(handed, forms), shows(lines, forms)];
    const faults = [
      kept > 0 && `A password was passed to the database ${kept} times.`,
      logged > 0 && `A password is in ${logged} log lines.`,
    ].filter((fault) => fault !== false);
    if (owned === 0)
      throw new Inconclusive(
        'The recorded database calls do not contain the owner’s email address, so they cannot be judged.',
      );
    const holds = `Four passwords were used in ${ways} requests. Their owner’s email address was passed to the database ${owned} times, the passwords never.`;
    return judge({ faults, holds, examined: ways });
  },
  controls: [
    {
      where: 'password stored in plaintext',
      tamper: knowing((typed) => ({
        handedToStore: (handed) => [
          ...handed,
          `openSignUp [{"password":"${typed[0]?.slice(0, 16)}"}]`,
        ],
      })),
    },
    {
      where: 'password stored in hexadecimal',
      tamper: knowing((typed) => ({
        handedToStore: (handed) => [...handed, Buffer.from(typed[2] ?? '').toString('hex')],
      })),
    },
    {
      where: 'password in the log',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, `wrong password ${typed[1]?.slice(16)}`],
      })),
    },
  ],
};
