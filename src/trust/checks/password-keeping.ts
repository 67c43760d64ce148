import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import { formsOf, makePasswords, shows, walkWithPasswords } from './support/password-walk.ts';
import { knowing } from './support/tamper.ts';

/** ASVS 11.4.2, 14.2.1. */
export const passwordKeeping: Check = {
  id: 'password-keeping',
  version: '1',
  title: 'No password is handed to the database, in any record or query',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'It reads what the twin hands to its database, before any adapter, and looks for the password as it is, in hexadecimal and in base64.',
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
      kept > 0 && `A password was handed to the database ${kept} times.`,
      logged > 0 && `A password stands in ${logged} lines of the log.`,
    ].filter((fault) => fault !== false);
    if (owned === 0)
      throw new Inconclusive(
        'What is handed to the database does not show the address of its owner.',
      );
    const holds = `Four passwords went ${ways} ways. Their owner’s address was handed to the database ${owned} times, none of the passwords once.`;
    return judge({ faults, holds, examined: ways });
  },
  controls: [
    {
      where: 'that keeps the password',
      tamper: knowing((typed) => ({
        handedToStore: (handed) => [
          ...handed,
          `openSignUp [{"password":"${typed[0]?.slice(0, 16)}"}]`,
        ],
      })),
    },
    {
      where: 'that keeps it in hexadecimal',
      tamper: knowing((typed) => ({
        handedToStore: (handed) => [...handed, Buffer.from(typed[2] ?? '').toString('hex')],
      })),
    },
    {
      where: 'that logs it',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, `wrong password ${typed[1]?.slice(16)}`],
      })),
    },
  ],
};
