import type { FlowProblemName } from '../api/providers.ts';
import { type Cookie, forgotten } from '../cookies.ts';
import { hashToken, sameSecret } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import type { FlowPurpose, IdentityKey, Provider, ProviderFlow } from '../records.ts';
import type { Services, FlowSecrets, Person, ProviderClient } from '../services.ts';
import { Refused } from './code-flow.ts';
import { confirmBy } from './confirm.ts';
import { connectBy } from './connect.ts';
import { FlowProblem } from './flow-problem.ts';
import { flowCookieName, flowSecrets } from './flow-secrets.ts';
import { signInBy } from './sign-in.ts';

export type Finishing = Pick<
  Services,
  'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'log' | 'providers'
>;

interface Callback {
  provider: Provider;
  via: ProviderClient;
  /** Query parameters of the callback. */
  answer: URLSearchParams;
  client: Client;
}

/** A completed provider exchange and the person that the provider identified. */
export interface Arrival {
  identity: IdentityKey;
  person: Person;
  flow: ProviderFlow;
  client: Client;
}

/** The path in the app to redirect the browser to, and the cookies to set. */
export interface Destination {
  to: string;
  cookies: readonly Cookie[];
}

const ends: Record<FlowPurpose, (deps: Finishing, arrival: Arrival) => Promise<Destination>> = {
  'sign-in': signInBy,
  connect: connectBy,
  confirm: confirmBy,
};

/**
 * Handles the callback of a sign-in attempt; returns where to redirect the browser. The attempt is used up first, so
 * only one of any number of callbacks with the same state succeeds. The provider is not called unless the attempt is
 * valid and belongs to this provider and this browser. RFC 9700 §4.7; ASVS 10.2.1.
 */
export async function finishFlow(
  deps: Finishing,
  { provider, via, answer, client }: Callback,
): Promise<Destination> {
  const state = answer.get('state') ?? '';
  const flow = await deps.store.takeFlow(hashToken(state));
  const cookies: Cookie[] = [];
  try {
    const token = tokenOf(deps, { flow, provider, state, client });
    const secrets = flowSecrets(token);
    // Only the cookie of this attempt: attempts in other tabs continue.
    cookies.push(forgotten(flowCookieName(token)));
    const person = await whoCameBack(via, answer, secrets);
    if (!flow) throw new FlowProblem('expired');
    const identity = { provider, issuer: via.issuer, subject: person.subject };
    const end = await ends[flow.purpose](deps, { identity, person, flow, client });
    return { to: end.to, cookies: [...cookies, ...end.cookies] };
  } catch (error) {
    if (!(error instanceof FlowProblem)) throw error;
    deps.log.info(
      { problem: error.kind, provider, cause: reasonOf(error.cause) },
      'A sign-in with a provider was rejected.',
    );
    return { to: wayBack(error.kind, provider, flow), cookies };
  }
}

/**
 * Returns the token that this browser got at the start of the attempt.
 * @throws FlowProblem `expired` for an attempt that is unknown, used, expired or of another provider · `cookie-missing`
 * for one of another browser
 */
function tokenOf(
  { clock }: Finishing,
  {
    flow,
    provider,
    state,
    client,
  }: { flow: ProviderFlow | null; provider: Provider; state: string; client: Client },
): string {
  if (!flow || flow.provider !== provider || clock.now() >= flow.expiresAt)
    throw new FlowProblem('expired');
  const own = client.flowTokens.find((token) => sameSecret(flowSecrets(token).state, state));
  if (own === undefined) throw new FlowProblem('cookie-missing');
  return own;
}

async function whoCameBack(
  via: ProviderClient,
  answer: URLSearchParams,
  secrets: FlowSecrets,
): Promise<Person> {
  try {
    return await via.whoCameBack(answer, secrets);
  } catch (error) {
    throw new FlowProblem(error instanceof Refused ? 'refused' : 'provider-failed', error);
  }
}

/** Returns the path that explains why the attempt failed, with the parameters to retry it. */
export function wayBack(
  problem: FlowProblemName,
  provider: Provider,
  flow: Pick<ProviderFlow, 'purpose' | 'to'> | null,
): string {
  const again: Record<string, string> = flow ? { purpose: flow.purpose, to: flow.to } : {};
  return `/sign-in?${new URLSearchParams({ problem, provider, ...again })}`;
}

/** Omits the cause, because a provider’s response may contain tokens. */
function reasonOf(cause: unknown): unknown {
  if (!(cause instanceof Error)) return undefined;
  return { name: cause.name, message: cause.message, ...('code' in cause && { code: cause.code }) };
}
