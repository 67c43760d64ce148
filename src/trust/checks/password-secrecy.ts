import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import {
  formsOf,
  makePasswords,
  referencesIn,
  shows,
  textsOf,
  walkWithPasswords,
} from './support/password-walk.ts';
import { answering, knowing } from './support/tamper.ts';

/** ASVS 14.2.1, 16.2.5. */
export const passwordSecrecy: Check = {
  id: 'password-secrecy',
  version: '1',
  title: 'No password appears in a log line, an email or a response',
  method: 'TEST',
  vantage: 'internal',
  ...fourTimesADay,
  limits: 'Logs of other processes, of proxies and of the hosting platform',
  async examine(context) {
    const canary = await context.canary();
    const { passwords, words } = await makePasswords(context.word);
    const ways = await walkWithPasswords(canary, passwords);
    const forms = formsOf(words);
    const references = referencesIn(canary.answers);
    const lines = await context.logLines([...references, ...forms]);
    const mails = await canary.mails();

    const known = references.filter((reference) =>
      lines.some((line) => line.includes(reference)),
    ).length;
    const sinks = [
      { what: 'log line', seen: shows(lines, forms) },
      { what: 'email', seen: shows(mails, forms) },
      { what: 'response', seen: shows(textsOf(canary.answers), forms) },
    ];
    const faults = sinks
      .filter(({ seen }) => seen > 0)
      .map(({ what, seen }) => `A password is readable in ${seen} of the ${what}s.`);
    const isSighted = known === references.length || !context.site.answersHere;
    const log = context.site.answersHere
      ? `the log (which has ${known} of ${references.length} errors)`
      : 'the log of this process';
    const holds = `Four passwords, correct and wrong ones, were used in ${ways} requests. None appears, in plaintext or encoded, in ${log}, in ${mails.length} emails or in ${ways} responses.`;
    return judge({ faults, holds, examined: isSighted ? ways : known, population: ways });
  },
  controls: [
    {
      where: 'password in the log',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, `{"body":"${typed[0]?.slice(0, 16)}…"}`],
      })),
    },
    {
      where: 'password in the log in base64',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, Buffer.from(`password=${typed[3]}`).toString('base64')],
      })),
    },
    {
      where: 'password in an email',
      tamper: knowing((typed) => ({
        mail: (mails) => mails.map((mail) => `${mail}\n${typed[2]?.slice(16)}`),
      })),
    },
    {
      where: 'password in a response',
      tamper: knowing((typed) =>
        answering('/api/sign-in', ({ headers }) => ({
          headers: { ...headers, 'x-echo': `%22${typed[1]?.slice(16)}` },
        })),
      ),
    },
  ],
};
