import * as oauth from 'oauth4webapi';
import type { FlowPurpose } from '../records.ts';
import type { FlowSecrets } from '../services.ts';
import type { ProviderParts } from './providers.ts';

/** Milliseconds for all provider calls of one sign-in together. */
const timeoutMs = 9_000;

/** The user declined at the provider. RFC 6749 §4.1.2.1 */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The authorization code flow with PKCE, as both providers use it. RFC 6749 §4.1, RFC 7636. */
export interface CodeFlow {
  client: oauth.Client;
  clientSecret: string;
  redirectUri: string;
  scope: string;
  calls: Calls;
}

/** The library also passes the body of a GET, as `undefined`. */
type CallInit = Omit<RequestInit, 'body'> & { body?: RequestInit['body'] | undefined };

/** Options of every call to a provider. */
export interface Calls {
  [oauth.customFetch]: (url: string, init: CallInit) => Promise<Response>;
  /** Allows plain HTTP for mock providers on this machine. */
  [oauth.allowInsecureRequests]: boolean;
  signal?: AbortSignal;
}

export function codeFlow(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  { redirectUri, fetch }: ProviderParts,
  { scope, isPlain }: { scope: string; isPlain: boolean },
): CodeFlow {
  // Only RS256 is accepted, so `none` and HS256 are rejected. RFC 8725 §3.1.
  const client: oauth.Client = { client_id: clientId, id_token_signed_response_alg: 'RS256' };
  return {
    client,
    clientSecret,
    redirectUri,
    scope,
    calls: {
      [oauth.customFetch]: (url, { body, ...init }) => fetch(url, { ...init, body: body ?? null }),
      [oauth.allowInsecureRequests]: isPlain,
    },
  };
}

/** Returns the same flow with one deadline for all of its calls. */
export function withDeadline(flow: CodeFlow): CodeFlow {
  return { ...flow, calls: { ...flow.calls, signal: AbortSignal.timeout(timeoutMs) } };
}

export function authorizationUrl(
  { client, redirectUri, scope }: CodeFlow,
  { authorization_endpoint: endpoint }: oauth.AuthorizationServer,
  { state, challenge }: FlowSecrets,
  { purpose, more = {} }: { purpose: FlowPurpose; more?: Record<string, string> },
): URL {
  const url = new URL(endpoint ?? '');
  const parameters = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
    // The user picks the provider account. One that happens to be signed in there is not connected or accepted as a
    // confirmation.
    ...(purpose !== 'sign-in' && { prompt: 'select_account' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/**
 * Exchanges the code that came with our state at the token endpoint. Rejects a response whose `iss` names another
 * server. RFC 9207.
 * @throws Refused
 */
export function exchangeCode(
  { client, clientSecret, redirectUri, calls }: CodeFlow,
  server: oauth.AuthorizationServer,
  answer: URLSearchParams,
  { state, verifier }: FlowSecrets,
): Promise<Response> {
  const checked = validated(server, client, answer, state);
  return oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.ClientSecretPost(clientSecret),
    checked,
    redirectUri,
    verifier,
    calls,
  );
}

function validated(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  answer: URLSearchParams,
  state: string,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, answer, state);
  } catch (error) {
    throw error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied'
      ? new Refused()
      : error;
  }
}
