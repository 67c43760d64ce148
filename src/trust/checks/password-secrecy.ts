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
  title: 'A password that goes every way that there is turns up in no log line, mail or answer',
  method: 'TEST',
  vantage: 'internal',
  ...fourTimesADay,
  limits:
    'It reads the log of the process that checks. What proxies, hosts and people write down beside it cannot be seen from here.',
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
      { what: 'line of the log', seen: shows(lines, forms) },
      { what: 'mail', seen: shows(mails, forms) },
      { what: 'answer', seen: shows(textsOf(canary.answers), forms) },
    ];
    const faults = sinks
      .filter(({ seen }) => seen > 0)
      .map(({ what, seen }) => `A password can be read in a ${what} (${seen} of them).`);
    const isSighted = known === references.length || !context.site.answersHere;
    const log = context.site.answersHere
      ? `the log, which knew ${known} of ${references.length} refusals`
      : 'the log of this process';
    const holds = `Four passwords went ${ways} ways, right and wrong. None stands, as it is or encoded, in ${log}, in ${mails.length} mails or in ${ways} answers.`;
    return judge({ faults, holds, examined: isSighted ? ways : known, population: ways });
  },
  controls: [
    {
      where: 'that logs what was typed',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, `{"body":"${typed[0]?.slice(0, 16)}…"}`],
      })),
    },
    {
      where: 'that logs it in base64',
      tamper: knowing((typed) => ({
        logLines: (lines) => [...lines, Buffer.from(`password=${typed[3]}`).toString('base64')],
      })),
    },
    {
      where: 'that mails it',
      tamper: knowing((typed) => ({
        mail: (mails) => mails.map((mail) => `${mail}\n${typed[2]?.slice(16)}`),
      })),
    },
    {
      where: 'that answers it',
      tamper: knowing((typed) =>
        answering('/api/sign-in', ({ headers }) => ({
          headers: { ...headers, 'x-echo': `%22${typed[1]?.slice(16)}` },
        })),
      ),
    },
  ],
};
