import { email as emailShape, name as nameShape } from '../api/accounts.ts';
import { securityEvent } from '../audit/security-event.ts';
import { isReserved } from '../canary-addresses.ts';
import { newId } from '../crypto/token.ts';
import type { Account, ProviderFlow } from '../records.ts';
import type { Person } from '../services.ts';
import { beginSession, type Entry } from '../sessions/begin-session.ts';
import type { Arrival, Finishing, Destination } from './finish.ts';
import { FlowProblem } from './flow-problem.ts';

/**
 * Signs in with a provider. The issuer and its subject alone identify the user, never an email address: an address can
 * change hands, and one that already has an account must not open it. A new user gets an account if the provider
 * has verified their address. Returns where to redirect the browser: to its destination, to the second factor, or to
 * the page that restores an account. ASVS 6.3.3, 6.8.1; GHSA-g38m-r43w-p2q7.
 * @throws FlowProblem `email-unverified` · `email-withheld` · `email-no-reply` · `account-exists`
 */
export async function signInBy(deps: Finishing, arrival: Arrival): Promise<Destination> {
  const { store } = deps;
  const { identity, flow, client } = arrival;
  const known = await store.findAccountByIdentity(identity);
  const opened = known === null ? await openAccount(deps, arrival) : null;
  const account = known ?? opened ?? (await store.findAccountByIdentity(identity));
  if (!account) throw new FlowProblem('account-exists');
  const factor = opened === null ? 'ask' : 'settled';
  const entry = await beginSession(deps, {
    account,
    method: identity.provider,
    stay: false,
    provenHash: null,
    provenIssuer: identity.issuer,
    provenSubject: identity.subject,
    factor,
    client,
  });
  return entry.kind === 'begun'
    ? { to: flow.to, cookies: entry.cookies }
    : { to: wayOn(entry, flow), cookies: [] };
}

/**
 * Returns the path for the second factor or for restoring an account. Secrets are in the URL fragment, which browsers
 * send to no server, so they appear in no log.
 */
function wayOn(entry: Exclude<Entry, { kind: 'begun' }>, { to }: Pick<ProviderFlow, 'to'>): string {
  if (entry.kind === 'factor-due')
    return `/sign-in/second-factor#${new URLSearchParams({ challenge: entry.due.challenge.id, ...(to !== '/home' && { to }) })}`;
  const { token, erasedAt } = entry.reopening;
  return `/sign-in/reopen?${new URLSearchParams({ erasedAt: erasedAt.toISOString() })}#${new URLSearchParams({ token })}`;
}

/** `null` if the address, or by now the identity, already has an account. */
async function openAccount(
  deps: Finishing,
  { identity: key, person, client }: Arrival,
): Promise<Account | null> {
  const { store, clock } = deps;
  const email = provedEmail(person);
  const now = clock.now();
  const account: Account = {
    id: newId(),
    email,
    name: nameOf(person, email),
    passwordHash: null,
    operator: false,
    createdAt: now,
  };
  const identity = { ...key, accountId: account.id, email, connectedAt: now };
  const event = securityEvent(deps, {
    action: 'account.created',
    accountId: account.id,
    actorId: account.id,
    target: key.provider,
    client,
  });
  const { kind } = await store.openAccount({ account, identity, event, now });
  return kind === 'opened' ? account : null;
}

/** GitHub’s private commit addresses, also on an Enterprise Server. GitHub discards email to them. */
const receivesNoMail = /@users\.noreply\./;

/**
 * Returns the address in normal form.
 * @throws FlowProblem when the provider has verified no address that we accept, or shows none
 */
export function provedEmail({ email, emailWithheld }: Person): string {
  if (emailWithheld) throw new FlowProblem('email-withheld');
  const normal = emailShape.safeParse(email);
  if (!normal.success || isReserved(normal.data)) throw new FlowProblem('email-unverified');
  if (receivesNoMail.test(normal.data)) throw new FlowProblem('email-no-reply');
  return normal.data;
}

/** Returns the provider’s name for the user if it passes our validation, else the local part of the address. */
function nameOf({ name }: Person, email: string): string {
  const clipped = [...(name ?? '')].slice(0, 100).join('');
  const taken = nameShape.safeParse(clipped);
  return taken.success ? taken.data : email.slice(0, email.lastIndexOf('@'));
}
