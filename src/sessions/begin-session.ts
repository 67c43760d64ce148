import { describeDevice } from '../audit/device.ts';
import { noticeOf } from '../audit/notice.ts';
import { limitedEvent, securityEvent } from '../audit/security-event.ts';
import { addMs } from '../clock.ts';
import type { Cookie } from '../cookies.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import type { Client } from '../http/client.ts';
import { newDevice, outdatedDevice } from '../mail/account-notices.ts';
import { factorsRecovered, recoveryCodeUsed } from '../mail/factor-notices.ts';
import { Problem } from '../problems.ts';
import {
  classifyDeviceCookies,
  type ClassifiedDeviceCookies,
} from '../ratelimit/device-cookies.ts';
import {
  providers,
  type Account,
  type PasswordHash,
  type Session,
  type SessionMethod,
} from '../records.ts';
import type { Services } from '../services.ts';
import type { FactorUse } from '../store/port/factors.ts';
import type { Begun, SessionBeginning } from '../store/port/sessions.ts';
import { askForFactor, type FactorDue } from './ask-for-factor.ts';
import {
  deviceCookieLifetime,
  lifetimes,
  maxSessions,
  outdatedDeviceCookieLifetime,
  reopeningFor,
} from './lifetimes.ts';
import { stoppedRecovery } from './stopped-recovery.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>;

/**
 * The second factor that was used, and the challenge that asked for it; `null` for a passkey that counted as both
 * factors.
 */
interface GivenFactor {
  challengeId: string | null;
  use: FactorUse;
}

interface Beginning {
  account: Account;
  method: SessionMethod;
  stay: boolean;
  /** The hash that the password was verified against; `null` for other methods. */
  provenHash: PasswordHash | null;
  /** The provider’s issuer and its ID of the user; `null` for other methods. */
  provenIssuer: string | null;
  provenSubject: string | null;
  /** `ask`: require a second factor if the account has one. `settled`: the account is new. */
  factor: 'ask' | 'settled' | GivenFactor;
  client: Client;
}

/** Lets a user who signed in this far restore an account that is scheduled for deletion, until it is erased. */
interface Reopening {
  token: string;
  erasedAt: Date;
}

/** The result of a sign-in with correct credentials. */
export type Entry =
  | { kind: 'begun'; cookies: readonly Cookie[] }
  | { kind: 'factor-due'; due: FactorDue }
  | { kind: 'account-closing'; reopening: Reopening };
/** The result when no second factor is due. */
export type Entered = Exclude<Entry, { kind: 'factor-due' }>;

/**
 * The single point where sessions are created, for every sign-in method, each with a new token. The session that the
 * browser presented ends. If a second factor is due, no session is created and only the challenge is returned. If all
 * factors were lost and the waiting period is over, this sign-in removes them. ASVS 6.3.3, 7.2.3, 7.2.4.
 * @throws Problem `wrong-credentials` · `challenge-over` · `wrong-code` for a factor that was already used
 */
export async function beginSession(
  deps: Dependencies,
  beginning: Beginning & { factor: Exclude<Beginning['factor'], 'ask'> },
): Promise<Entered>;
export async function beginSession(deps: Dependencies, beginning: Beginning): Promise<Entry>;
export async function beginSession(deps: Dependencies, beginning: Beginning): Promise<Entry> {
  const due = beginning.factor === 'ask' ? await askForFactor(deps, beginning) : null;
  if (due !== null && due !== 'lost') return { kind: 'factor-due', due };
  const entered = await open(deps, beginning, { recovers: due === 'lost' });
  // In the meantime the recovery was used or stopped, or a first factor was added. Evaluate again what is due.
  return entered ?? beginSession(deps, beginning);
}

type Refused = Exclude<Begun, 'begun' | 'account-closing' | 'factor-due' | 'recovery-over'>;

const problemsFor: Record<Refused, () => Problem> = {
  'password-changed': () =>
    new Problem('wrong-credentials', { cause: 'the password was changed while it was proven' }),
  'provider-disconnected': () =>
    new Problem('wrong-credentials', { cause: 'the provider was disconnected while it was asked' }),
  'challenge-over': () => new Problem('challenge-over'),
  'factor-spent': () => new Problem('wrong-code', { cause: 'this was used before' }),
};

/** `null` if what is due must be evaluated again. */
async function open(
  deps: Dependencies,
  { account, method, stay, provenHash, provenIssuer, provenSubject, factor, client }: Beginning,
  { recovers }: { recovers: boolean },
): Promise<Entered | null> {
  const { store, clock, mailer } = deps;
  const now = clock.now();
  const token = newToken();
  const deviceCookie = newToken();
  const deviceCookies = await classifyDeviceCookies(deps, account.id, client);
  const [newest] = deviceCookies.known;
  const replaces = deviceCookies.known.map(({ hash }) => hash);
  const device = {
    hash: hashToken(deviceCookie),
    until: addMs(now, deviceCookieLifetime),
    replaces,
    outdatedUntil: addMs(now, outdatedDeviceCookieLifetime),
  };
  const { idle, whole } = stay ? lifetimes.stay : lifetimes.usual;
  const session: Session = {
    id: newId(),
    tokenHash: hashToken(token),
    accountId: account.id,
    method,
    device: describeDevice(client.userAgent),
    address: client.address,
    deviceFirstUsedAt: newest?.firstUsedAt ?? now,
    idle,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: addMs(now, whole),
    confirmedAt: now,
  };
  const presented =
    client.sessionToken === null ? null : await store.findSession(hashToken(client.sessionToken));
  const recovered = recovers
    ? securityEvent(deps, {
        action: 'factor.recovered',
        accountId: account.id,
        actorId: account.id,
        client,
      })
    : null;
  const event = await limitedEvent(deps, {
    action: 'session.begun',
    accountId: account.id,
    actorId: account.id,
    target: session.id,
    client,
  });
  const news = recovers ? factorsRecovered : newsOf(factor, deviceCookies);
  const notice =
    news && noticeOf(deps, { event: recovered ?? event, to: account.email, message: news });
  const replacing = presented?.session.id ?? null;
  // An account that had no factor when it was asked must still have none.
  const expected =
    typeof factor === 'object'
      ? { ...factor, use: { ...factor.use, stopping: stoppedRecovery(deps, account, client) } }
      : factor === 'ask' && !recovers
        ? 'none'
        : 'settled';
  const also: SessionBeginning = {
    keep: maxSessions,
    replacing,
    device,
    provenHash,
    provenIdentity: identityOf({ method, provenIssuer, provenSubject, factor }),
    factor: expected,
    recovered,
    event,
    notice,
  };
  const begun = await store.insertSession(session, also);
  if (notice || typeof factor === 'object') mailer.wake();
  if (begun === 'recovery-over' || begun === 'factor-due') return null;
  if (begun === 'account-closing')
    return { kind: begun, reopening: await offerReopening(deps, account) };
  if (begun !== 'begun') throw problemsFor[begun]();
  const cookies: Cookie[] = [
    { name: 'flowcept', tokens: [token], maxAge: stay ? whole : null },
    {
      name: 'flowcept-device',
      tokens: [deviceCookie, ...othersOf(client, deviceCookies)],
      maxAge: deviceCookieLifetime,
    },
  ];
  return { kind: begun, cookies };
}

/** @throws Problem `unavailable` when the account was restored in the meantime */
async function offerReopening({ store, clock }: Dependencies, { id }: Account): Promise<Reopening> {
  const token = newToken();
  const erasedAt = await store.offerReopening({
    accountId: id,
    tokenHash: hashToken(token),
    expiresAt: addMs(clock.now(), reopeningFor),
  });
  // The account was restored at this instant. Another sign-in succeeds.
  if (erasedAt === null)
    throw new Problem('unavailable', {
      retryAfter: 1,
      cause: 'the account was restored in the meantime',
    });
  return { token, erasedAt };
}

/** Returns the message about a new session, if the account owner should get one. ASVS 6.3.7. */
function newsOf(factor: Beginning['factor'], { known, outdated }: ClassifiedDeviceCookies) {
  if (typeof factor === 'object' && factor.use.kind === 'recovery-code') return recoveryCodeUsed;
  if (known.length > 0 || factor === 'settled') return null;
  return outdated.length > 0 ? outdatedDevice : newDevice;
}

/** Returns the browser’s device cookies for other accounts, as far as they can be told apart. */
function othersOf(
  { deviceCookies }: Client,
  { known, outdated }: ClassifiedDeviceCookies,
): string[] {
  const own = new Set(
    [...known, ...outdated].filter(({ shared }) => !shared).map(({ hash }) => hash),
  );
  return deviceCookies.filter((deviceCookie) => !own.has(hashToken(deviceCookie)));
}

/**
 * For a sign-in with a provider: it must still be connected when the session begins, however long the second factor
 * took.
 */
function identityOf({
  method,
  provenIssuer,
  provenSubject,
  factor,
}: Pick<
  Beginning,
  'method' | 'provenIssuer' | 'provenSubject' | 'factor'
>): SessionBeginning['provenIdentity'] {
  const provider = providers.find((name) => name === method);
  return factor === 'settled' || !provider
    ? null
    : { provider, issuer: provenIssuer, subject: provenSubject };
}
