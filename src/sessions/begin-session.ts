import { describeDevice } from '../audit/device.ts';
import { noticeOf } from '../audit/notice.ts';
import { limitedEvent, securityEvent } from '../audit/security-event.ts';
import { addMs } from '../clock.ts';
import type { Cookie } from '../cookies.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import type { Client } from '../http/endpoint.ts';
import { factorsRecovered, newDevice, outdatedDevice, recoveryCodeUsed } from '../mail/messages.ts';
import { Problem } from '../problems.ts';
import { marksOf, type MarksOf } from '../ratelimit/device-marks.ts';
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
import { deviceMemory, lifetimes, maxSessions, outdatedMemory, reopeningFor } from './lifetimes.ts';
import { stoppedRecovery } from './stopped-recovery.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'mailer'>;

/** A second factor that was given, and the challenge that asked for it; `null` for a passkey that was both factors at once. */
interface GivenFactor {
  challengeId: string | null;
  use: FactorUse;
}

interface Beginning {
  account: Account;
  method: SessionMethod;
  stay: boolean;
  /** The hash that a password was proven against; `null` where it was not a password that opened the door. */
  provenHash: PasswordHash | null;
  /** Who it is at the provider that is the method; `null` where it was no provider that opened the door. */
  provenSubject: string | null;
  /** `ask`: for one that the account has. `settled`: the account is new. */
  factor: 'ask' | 'settled' | GivenFactor;
  client: Client;
}

/** By which whoever came this far may open a closing account again, until it is erased. */
interface Reopening {
  token: string;
  erasedAt: Date;
}

/** What comes of a sign-in whose proofs were right. */
export type Entry =
  | { kind: 'begun'; cookies: readonly Cookie[] }
  | { kind: 'factor-due'; due: FactorDue }
  | { kind: 'account-closing'; reopening: Reopening };
/** The same, of one that no second factor is asked for. */
export type Entered = Exclude<Entry, { kind: 'factor-due' }>;

/**
 * The one door: every session there is was made here, whatever the way in, with a value that nobody has seen before.
 * What a browser presented as its session is over from then on. Where a second factor is due, nothing begins: what it
 * answers is all that the browser gets. Where every factor was lost and the wait is over, they go with this sign-in. ASVS 6.3.3, 7.2.3, 7.2.4.
 * @throws Problem `wrong-credentials` · `challenge-over` · `wrong-code` for a factor that was used so before
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
  // The wait was used or stopped meanwhile, or a first factor added: what is due is another question now.
  return entered ?? beginSession(deps, beginning);
}

type Refused = Exclude<Begun, 'begun' | 'account-closing' | 'factor-due' | 'recovery-over'>;

const refusals: Record<Refused, () => Problem> = {
  'password-changed': () =>
    new Problem('wrong-credentials', { cause: 'the password was changed while it was proven' }),
  'provider-disconnected': () =>
    new Problem('wrong-credentials', { cause: 'the provider was disconnected while it was asked' }),
  'challenge-over': () => new Problem('challenge-over'),
  'factor-spent': () => new Problem('wrong-code', { cause: 'this was used before' }),
};

/** `null`: what is due must be asked again. */
async function open(
  deps: Dependencies,
  { account, method, stay, provenHash, provenSubject, factor, client }: Beginning,
  { recovers }: { recovers: boolean },
): Promise<Entered | null> {
  const { store, clock, mailer } = deps;
  const now = clock.now();
  const token = newToken();
  const mark = newToken();
  const marks = await marksOf(deps, account.id, client);
  const [newest] = marks.known;
  const replaces = marks.known.map(({ hash }) => hash);
  const device = {
    hash: hashToken(mark),
    until: addMs(now, deviceMemory),
    replaces,
    outdatedUntil: addMs(now, outdatedMemory),
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
  const event = await limitedEvent(deps, {
    action: 'session.begun',
    accountId: account.id,
    actorId: account.id,
    target: session.id,
    client,
  });
  const recovered = recovers
    ? securityEvent(deps, {
        action: 'factor.recovered',
        accountId: account.id,
        actorId: account.id,
        client,
      })
    : null;
  const news = recovers ? factorsRecovered : newsOf({ factor, marks });
  const notice = news && noticeOf(deps, { event, to: account.email, message: news });
  const replacing = presented?.session.id ?? null;
  // Who was asked and had none must have none still.
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
    provenIdentity: identityOf({ method, provenSubject, factor }),
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
  if (begun !== 'begun') throw refusals[begun]();
  const cookies: Cookie[] = [
    { name: 'flowcept', tokens: [token], maxAge: whole },
    { name: 'flowcept-device', tokens: [mark, ...othersOf(client, marks)], maxAge: deviceMemory },
  ];
  return { kind: begun, cookies };
}

/** @throws Problem `unavailable` for an account that was opened again meanwhile */
async function offerReopening({ store, clock }: Dependencies, { id }: Account): Promise<Reopening> {
  const token = newToken();
  const erasedAt = await store.offerReopening({
    accountId: id,
    tokenHash: hashToken(token),
    expiresAt: addMs(clock.now(), reopeningFor),
  });
  // Opened again at this very instant: signing in once more succeeds.
  if (erasedAt === null)
    throw new Problem('unavailable', {
      retryAfter: 1,
      cause: 'the account was opened again meanwhile',
    });
  return { token, erasedAt };
}

/** What the owner is told of a session that begins, if it is worth a mail. ASVS 6.3.7. */
function newsOf({ factor, marks }: { factor: Beginning['factor']; marks: MarksOf }) {
  if (typeof factor === 'object' && factor.use.kind === 'recovery-code') return recoveryCodeUsed;
  if (marks.known.length > 0 || factor === 'settled') return null;
  return marks.outdated.length > 0 ? outdatedDevice : newDevice;
}

/** The marks that this browser has for other accounts, as far as one can tell. */
function othersOf({ deviceMarks }: Client, { known, outdated }: MarksOf): string[] {
  const own = new Set(
    [...known, ...outdated].filter(({ shared }) => !shared).map(({ hash }) => hash),
  );
  return deviceMarks.filter((mark) => !own.has(hashToken(mark)));
}

/** Whoever came by a provider must still be connected when the session begins, however long a second factor took. */
function identityOf({
  method,
  provenSubject,
  factor,
}: Pick<Beginning, 'method' | 'provenSubject' | 'factor'>): SessionBeginning['provenIdentity'] {
  const provider = providers.find((name) => name === method);
  return factor === 'settled' || !provider ? null : { provider, subject: provenSubject };
}
