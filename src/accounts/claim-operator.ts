import { claimMinutes } from '../api/durations.ts';
import { securityEvent } from '../audit/security-event.ts';
import { refuseReserved } from '../canary-addresses.ts';
import { addMs, minute } from '../clock.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';
import { beginSession, type Entered } from '../sessions/begin-session.ts';
import { refuseGuessable } from './refuse-guessable.ts';

const claimLifetime = claimMinutes * minute;

/**
 * Creates a link with which a person who can read the terminal creates an operator account. Only the hash of its token
 * is stored.
 */
export async function offerClaim({
  store,
  clock,
  config,
}: Pick<Services, 'store' | 'clock' | 'config'>): Promise<string> {
  const token = newToken();
  await store.insertClaim({
    tokenHash: hashToken(token),
    expiresAt: addMs(clock.now(), claimLifetime),
  });
  return `${config.origin}/operator#token=${token}`;
}

/** @throws Problem `gone` for a token that is used, expired or unknown */
export async function checkClaim(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  token: string,
): Promise<void> {
  if (!(await store.isClaimOpen(hashToken(token), clock.now()))) throw claimOver();
}

function claimOver(): Problem {
  return new Problem('gone', {
    detail:
      'This link has already been used or has expired. Run `node bin/flowcept.js claim` to get a new one.',
  });
}

interface Claim {
  token: string;
  email: string;
  password: string;
  name: string;
  client: Client;
}

/**
 * Creates the operator account. No email code is needed: access to the terminal is stronger proof.
 * @throws Problem `gone` for a token that is used, expired or unknown · `conflict` for an address that has an account ·
 * `invalid-fields` for a reserved address or a password that is easy to guess · `unavailable`
 */
export async function claimOperator(
  deps: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer' | 'passwords'>,
  { token, email, password, name, client }: Claim,
): Promise<{ account: Account; entered: Entered }> {
  const { store, clock, passwords } = deps;
  refuseReserved(email);
  refuseGuessable(password, { email, name }, 'password');
  const account: Account = {
    id: newId(),
    email,
    name,
    passwordHash: await passwords.hash(password),
    operator: true,
    createdAt: clock.now(),
  };
  const event = securityEvent(deps, {
    action: 'operator.claimed',
    accountId: account.id,
    actorId: account.id,
    client,
  });
  const { kind } = await store.redeemClaim({
    tokenHash: hashToken(token),
    account,
    event,
    now: clock.now(),
  });
  if (kind === 'over') throw claimOver();
  if (kind === 'taken')
    throw new Problem('conflict', {
      detail:
        'An account with this email address already exists. Use a different address for the operator.',
    });
  const entered = await beginSession(deps, {
    account,
    method: 'operator-claim',
    stay: false,
    provenHash: null,
    provenIssuer: null,
    provenSubject: null,
    factor: 'settled',
    client,
  });
  return { account, entered };
}
