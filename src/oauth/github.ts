import * as oauth from 'oauth4webapi';
import { z } from 'zod/mini';
import type { GithubSetting } from '../config.ts';
import type { ProviderClient } from '../services.ts';
import { authorizationUrl, codeFlow, exchangeCode, withDeadline, type Calls } from './code-flow.ts';
import { issuerName } from './issuer-name.ts';
import type { ProviderParts } from './providers.ts';

const userShape = z.object({
  id: z.int().check(z.positive()),
  login: z.string(),
  name: z.nullish(z.string()),
});
const emailsShape = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);

/** The client for GitHub, which supports OAuth 2.0 but issues no ID tokens. Its API identifies the user. */
export function makeGithub(
  { url, apiUrl, ...credentials }: GithubSetting,
  parts: ProviderParts,
): ProviderClient {
  const flow = codeFlow(credentials, parts, {
    scope: 'read:user user:email',
    isPlain: url.protocol === 'http:',
  });
  const issuer = `${withoutSlash(url)}/login/oauth`;
  const server: oauth.AuthorizationServer = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/access_token`,
  };
  return {
    issuer: issuerName(credentials, withoutSlash(url)),
    authorizationUrl: async (secrets, purpose) =>
      authorizationUrl(flow, server, secrets, { purpose }),
    async whoCameBack(answer, secrets) {
      const timed = withDeadline(flow);
      const response = await exchangeCode(timed, server, answer, secrets);
      const { access_token: token } = await oauth.processAuthorizationCodeResponse(
        server,
        flow.client,
        response,
      );
      const ask = (path: string) => askApi(`${withoutSlash(apiUrl)}${path}`, token, timed.calls);
      const [user, emails] = await Promise.all([
        ask('/user').then(userShape.parse),
        ask('/user/emails').then(emailsShape.parse).catch(nullIfWithheld),
      ]);
      const proved = emails?.find(({ primary, verified }) => primary && verified);
      return {
        subject: String(user.id),
        email: proved?.email ?? null,
        ...(emails === null && { emailWithheld: true }),
        name: user.name ?? user.login,
      };
    },
  };
}

/** The app at GitHub lacks the permission to read this. */
class Withheld extends Error {
  override readonly name = 'Withheld';
}

function nullIfWithheld(error: unknown): null {
  if (error instanceof Withheld) return null;
  throw error;
}

/** @throws Withheld */
async function askApi(
  url: string,
  token: string,
  { [oauth.customFetch]: fetch, signal }: Calls,
): Promise<unknown> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': 'flowcept',
    'x-github-api-version': '2022-11-28',
  };
  const answer = await fetch(url, { headers, signal: signal ?? null });
  if (answer.status === 200) return answer.json();
  const why = `GitHub’s API answered ${answer.status}.`;
  throw isWithheld(answer) ? new Withheld(why) : new Error(why);
}

/** GitHub also returns 403 for an exhausted rate limit, which is temporary. */
function isWithheld({ status, headers }: Response): boolean {
  const isLimit = headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
  return (status === 403 || status === 404) && !isLimit;
}

function withoutSlash({ href }: URL): string {
  return href.replace(/\/$/, '');
}
