import { MockConsentPage } from '../../web/pages/sandbox-consent.tsx';
import { email as emailShape, name as nameShape } from '../api/accounts.ts';
import { providerNames } from '../api/providers.ts';
import { page, type PageLayout } from '../http/page.tsx';
import type { Provider } from '../records.ts';
import type { Services } from '../services.ts';
import { askShape, issueCode, openGrant, sealGrant, type Ask } from './grant.ts';

type Dependencies = Pick<Services, 'config' | 'store' | 'keyring' | 'clock'> & {
  layout: PageLayout;
};
const notChosenYet = { email: '', name: '', verified: false };

/**
 * Renders the page on which the user picks or invents a person, for a valid authorization request. RFC 6749 §4.1.2.1
 */
export function askConsent(deps: Dependencies, provider: Provider, url: URL): Response {
  const { searchParams: query } = url;
  const redirectUri = query.get('redirect_uri') ?? '';
  if (
    query.get('client_id') !== 'sandbox' ||
    redirectUri !== `${deps.config.origin}/api/sign-in/${provider}/callback`
  ) {
    return new Response('Unknown client or redirect URI.', {
      status: 400,
    });
  }
  const ask = askShape.safeParse({
    provider,
    redirectUri,
    state: query.get('state') ?? '',
    scope: query.get('scope') ?? '',
    challenge: query.get('code_challenge') ?? '',
    nonce: query.get('nonce') ?? '',
  });
  const isCodeFlow =
    query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256';
  if (!ask.success || !isCodeFlow)
    return answerClient(
      { redirectUri, state: query.get('state') ?? '' },
      { error: 'invalid_request' },
    );
  return consentPage(deps, ask.data, null);
}

/**
 * Redirects the browser back with a code for the chosen person, or with an error if the user cancelled. `more` is added
 * to every response.
 */
export async function giveConsent(
  deps: Dependencies,
  provider: Provider,
  url: URL,
  more: Record<string, string> = {},
): Promise<Response> {
  const { searchParams: query } = url;
  const ask = openGrant(deps, 'ask', query.get('ask') ?? '')?.ask;
  if (ask?.provider !== provider)
    return new Response('This page has expired. Go back and start again.', {
      status: 400,
    });
  if (query.has('refuse')) return answerClient(ask, { error: 'access_denied', ...more });
  const [email, name] = [
    emailShape.safeParse(query.get('email')),
    nameShape.safeParse(query.get('name')),
  ];
  if (!email.success || !name.success)
    return consentPage(deps, ask, 'Enter an email address and a name.');
  const person = { email: email.data, name: name.data, verified: query.get('verified') === 'on' };
  return answerClient(ask, { code: await issueCode(deps, { ask, person }), ...more });
}

function consentPage(deps: Dependencies, ask: Ask, problem: string | null): Response {
  const name = providerNames[ask.provider];
  const sealed = sealGrant(deps, 'ask', { ask, person: notChosenYet });
  const content = (
    <MockConsentPage
      provider={name}
      action={`/sandbox/${ask.provider}/consent`}
      ask={sealed}
      scopes={ask.scope.split(' ')}
      problem={problem}
    />
  );
  return page(
    deps.layout,
    { title: `Mock ${name}`, status: problem === null ? 200 : 422 },
    content,
  );
}

function answerClient(
  { redirectUri, state }: Pick<Ask, 'redirectUri' | 'state'>,
  answer: Record<string, string>,
): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, state }))
    url.searchParams.set(name, value);
  return new Response(null, { status: 302, headers: { Location: url.href } });
}
