import type { Canary } from '../probe/canary.ts';
import { fourTimesADay, judge, type Check } from '../probe/check.ts';
import { Inconclusive } from '../probe/exchange.ts';
import type { Tamper } from '../probe/recording.ts';
import { wayBack } from './support/authorization-request.ts';
import { formsOf, shows, textsOf } from './support/password-walk.ts';

const providers = ['google', 'github'];
/** Number of characters of a token to search for. It is as long as a secret, so partial leaks are found, too. */
const piece = 32;

/** ASVS 10.1.1, 14.2.1. */
export const providerTokens: Check = {
  id: 'provider-tokens',
  version: '1',
  title: 'Tokens from a sign-in with a provider reach no database, log or browser',
  method: 'TEST',
  vantage: 'test-instance',
  ...fourTimesADay,
  limits:
    'Real providers, and data that reaches neither the database adapter, the log nor a response',
  async examine(context) {
    const testInstance = context.testInstance();
    const canaries: Canary[] = [];
    for (const provider of providers) {
      const canary = await testInstance.canary();
      await canary.send({ method: 'GET', path: await wayBack(canary, provider) });
      const session = await canary.send({ method: 'GET', path: '/api/session' });
      if (session.status !== 200)
        throw new Inconclusive(`The sign-in with ${provider} did not succeed.`);
      canaries.push(canary);
    }
    const tokens = await testInstance.tokensGiven();
    const words = formsOf(tokens.flatMap((token) => [token.slice(0, piece), token.slice(-piece)]));
    const handed = await testInstance.handedToStore([
      ...words,
      ...canaries.map(({ email }) => email),
    ]);
    const owned = handed.filter((one) => canaries.some(({ email }) => one.includes(email))).length;
    const places = {
      'passed to the database': handed,
      'written to the log': await testInstance.logLines(words),
      'sent to a browser': textsOf(canaries.flatMap(({ answers }) => answers)),
    };
    const faults = Object.entries(places)
      .filter(([, texts]) => shows(texts, words) > 0)
      .map(([where]) => `A provider token was ${where}.`);
    if (faults.length === 0 && (tokens.length < providers.length || owned === 0))
      throw new Inconclusive('No tokens were received, or no account was stored.');
    const holds = `${providers.length} canary accounts signed in with ${providers.join(' and ')}, with ${tokens.length} tokens. Their email addresses were passed to the database ${owned} times. No token reached the database, the log or a browser.`;
    return judge({ faults, holds, examined: tokens.length });
  },
  controls: [
    {
      where: 'token stored',
      tamper: leaking((token) => ({
        handedToStore: (handed) => [...handed, `insertIdentity ${token}`],
      })),
    },
    {
      where: 'token stored in base64',
      tamper: leaking((token) => ({
        handedToStore: (handed) => [...handed, Buffer.from(token).toString('base64')],
      })),
    },
    {
      where: 'token in the log',
      tamper: leaking((token) => ({ logLines: (lines) => [...lines, token] })),
    },
  ],
};

/** Negative control: leaks the last token that was issued. */
function leaking(make: (token: string) => Tamper): () => Tamper {
  return () => {
    let last = '';
    const late: Tamper = {
      handedToStore: (handed, question) => make(last).handedToStore?.(handed, question) ?? handed,
      logLines: (lines, question) => make(last).logLines?.(lines, question) ?? lines,
    };
    return { ...late, tokensGiven: (tokens) => ((last = tokens.at(-1) ?? ''), tokens) };
  };
}
