import { day, hour, minute } from '../../clock.ts';
import type {
  Account,
  SignedEntry,
  Challenge,
  Hashed,
  Identity,
  IdentityKey,
  PasswordHash,
  ProviderFlow,
  QueuedMail,
  Sealed,
  SecurityEvent,
  Session,
  SignUp,
} from '../../records.ts';
import type { Factor, PendingSignIn } from '../../records/two-factor.ts';
import type { Store } from '../port.ts';
import type { Notice, NoticeLimit, Undo } from '../port/events.ts';
import type { Counted } from '../port/limits.ts';
import type { ConfirmedBy } from '../port/sessions.ts';

/** Far in the future, so that no TTL index removes a sample while a test runs. */
const start = Date.UTC(2100, 0, 1);
export const at = (ms: number): Date => new Date(start + ms);

let made = 0;
/** A name unique within this process. */
export const unique = (kind: string): string => `${kind}-${(made += 1)}`;
export const address = (domain = 'example.com'): string => `${unique('someone')}@${domain}`;

/** The only casts into the branded types outside `crypto/` and `accounts/password.ts`. */
export const hashed = (secret: string): Hashed => `hash of ${secret}` as Hashed;
export const sealed = (plain: string): Sealed => `seal of ${plain}` as Sealed;
export const passwordHash = (password: string): PasswordHash =>
  `bcrypt of ${password}` as PasswordHash;

export function anAccount(given: Partial<Account> = {}): Account {
  return {
    id: unique('account'),
    email: address(),
    name: 'Ada',
    passwordHash: passwordHash(unique('pw')),
    operator: false,
    createdAt: at(0),
    ...given,
  };
}

export function aChallenge(given: Partial<Challenge> = {}): Challenge {
  return {
    id: unique('challenge'),
    purpose: 'verify-email',
    email: address(),
    subjectId: null,
    codeHash: hashed('right'),
    attemptsLeft: 5,
    sentAt: at(0),
    expiresAt: at(10 * minute),
    endedAt: null,
    ...given,
  };
}

export function aMail(given: Partial<QueuedMail> = {}): QueuedMail {
  return {
    id: unique('mail'),
    to: address(),
    content: sealed('a letter'),
    challengeId: null,
    state: 'queued',
    tries: 0,
    createdAt: at(0),
    dueAt: at(0),
    expiresAt: at(hour),
    lastError: null,
    ...given,
  };
}

export interface OpenedSignUp {
  signUp: SignUp;
  challenge: Challenge;
  mail: QueuedMail;
  keep: number;
}

/**
 * Input of `openSignUp`: a sign-up, its challenge (code `right`, five attempts, ten minutes) and the mail with the
 * code.
 */
export function aSignUp(
  given: Partial<SignUp> = {},
  rest: { challenge?: Partial<Challenge>; mail?: Partial<QueuedMail>; keep?: number } = {},
): OpenedSignUp {
  const id = given.id ?? unique('sign-up');
  const email = given.email ?? address();
  const createdAt = given.createdAt ?? at(0);
  const expiresAt = new Date(createdAt.getTime() + 10 * minute);
  const challenge = aChallenge({
    email,
    subjectId: id,
    sentAt: createdAt,
    expiresAt,
    ...rest.challenge,
  });
  return {
    signUp: {
      name: 'Ada',
      passwordHash: passwordHash(unique('pw')),
      expiresAt: new Date(createdAt.getTime() + day),
      ...given,
      id,
      email,
      createdAt,
      challengeId: challenge.id,
    },
    challenge,
    mail: aMail({
      to: email,
      challengeId: challenge.id,
      createdAt,
      dueAt: createdAt,
      ...rest.mail,
    }),
    keep: rest.keep ?? 3,
  };
}

export function aSession(given: Partial<Session> = {}): Session {
  const createdAt = given.createdAt ?? at(0);
  return {
    id: unique('session'),
    tokenHash: hashed(unique('token')),
    accountId: unique('account'),
    method: 'password',
    device: 'Firefox on Linux',
    address: '203.0.113.7',
    deviceFirstUsedAt: createdAt,
    idle: hour,
    createdAt,
    lastUsedAt: createdAt,
    expiresAt: new Date(createdAt.getTime() + day),
    confirmedAt: createdAt,
    ...given,
  };
}

export function aFactor(given: Partial<Factor> = {}): Factor {
  const id = given.id ?? unique('factor');
  return {
    id,
    accountId: unique('account'),
    type: 'totp',
    name: 'Authenticator app',
    secret: sealed('secret'),
    credentialId: null,
    publicKey: null,
    transports: null,
    counter: 0,
    uvInitialized: false,
    confirmedAt: null,
    createdAt: at(0),
    lastUsedAt: null,
    ...given,
  };
}

export function aPasskey(given: Partial<Factor> = {}): Factor {
  const passkey = {
    type: 'passkey',
    name: 'Laptop',
    secret: null,
    credentialId: unique('credential'),
    publicKey: 'key',
    transports: 'usb,nfc',
  } as const;
  return aFactor({ ...passkey, confirmedAt: at(0), ...given });
}

export function aPendingSignIn(given: Partial<PendingSignIn> = {}): PendingSignIn {
  return {
    id: unique('challenge'),
    accountId: unique('account'),
    method: 'password',
    stay: false,
    provenHash: null,
    provenIssuer: null,
    provenSubject: null,
    expiresAt: at(10 * minute),
    ...given,
  };
}

/** A re-authentication by the account’s password. */
export const byPassword = (account: Pick<Account, 'passwordHash'>): ConfirmedBy => ({
  kind: 'password',
  hash: account.passwordHash ?? passwordHash('none'),
});

/** Not the issuer of {@link anIdentity}. */
export const otherIssuer = 'https://sso.example.org:8443/realms/one';

export function anIdentity(given: Partial<Identity & IdentityKey> = {}): Identity & IdentityKey {
  return {
    provider: 'google',
    issuer: 'https://accounts.example.com',
    subject: unique('subject'),
    accountId: unique('account'),
    email: address(),
    connectedAt: at(0),
    ...given,
  };
}

export function aFlow(given: Partial<ProviderFlow> = {}): ProviderFlow {
  return {
    stateHash: hashed(unique('state')),
    provider: 'github',
    purpose: 'sign-in',
    accountId: null,
    to: '/home',
    expiresAt: at(10 * minute),
    ...given,
  };
}

export function anEvent(given: Partial<SecurityEvent> = {}): SecurityEvent {
  const accountId = given.accountId ?? unique('account');
  return {
    id: unique('event'),
    at: at(0),
    action: 'account.renamed',
    accountId,
    actorId: accountId,
    target: null,
    address: '203.0.113.7',
    device: 'Firefox on Linux',
    ...given,
  };
}

export function anUndo(given: Partial<Undo> = {}): Undo {
  return {
    tokenHash: hashed(unique('undo')),
    accountId: unique('account'),
    since: at(0),
    expiresAt: at(7 * day),
    ...given,
  };
}

/** Input of `redeemUndo`. The queued mails are kept in the sandbox mailbox at once, where tests find them. */
export function anUndoing(given: Pick<Undoing, 'tokenHash'> & Partial<Undoing>): Undoing {
  const tell: Undoing['tell'] = ({ email, address: told }) =>
    aMail({ to: email, state: 'kept', content: sealed(told) });
  return {
    everyProvider: false,
    actions: [],
    event: anEvent(),
    tell,
    keptUntil: at(90 * day),
    now: at(0),
    ...given,
  };
}
type Undoing = Parameters<Store['redeemUndo']>[0];

export function aNotice(
  accountId: string,
  given: {
    event?: Partial<SecurityEvent>;
    mail?: Partial<QueuedMail>;
    undo?: Partial<Undo>;
    limit?: NoticeLimit;
  } = {},
): Notice {
  return {
    event: anEvent({ accountId, ...given.event }),
    mail: aMail(given.mail),
    undo: anUndo({ accountId, ...given.undo }),
    limit: given.limit ?? noLimit(),
  };
}

/** A limit that no test reaches. */
export const noLimit = (): NoticeLimit => ({
  most: Number.MAX_SAFE_INTEGER,
  since: at(0),
  lastMail: aMail(),
});

/** What a key counts. */
export const aCount = (given: Partial<Counted> = {}): Counted => ({
  rule: 'wrong-password',
  scope: 'each',
  subject: sealed('someone'),
  ...given,
});

export type Beginning = Parameters<Store['insertSession']>[1];
/** A stored device. */
export const aDevice = (
  hash = hashed('laptop'),
  until = at(365 * day),
  replaces: readonly Hashed[] = [],
): Beginning['device'] => ({ hash, until, replaces, outdatedUntil: at(30 * day) });
/** What is stored together with a new session. */
export function beginning(
  { id, accountId, createdAt }: Session,
  given: Partial<Beginning> = {},
): Beginning {
  const event = anEvent({ action: 'session.begun', accountId, target: id, at: createdAt });
  return {
    keep: 10,
    replacing: null,
    device: aDevice(),
    provenHash: null,
    provenIdentity: null,
    factor: 'settled',
    recovered: null,
    event,
    notice: null,
    ...given,
  };
}

/** Input of `redeemClaim`. */
export function claiming(
  tokenHash: Hashed,
  account: Account,
  now = at(0),
): Parameters<Store['redeemClaim']>[0] {
  return {
    tokenHash,
    account,
    event: anEvent({ action: 'operator.claimed', accountId: account.id, at: now }),
    now,
  };
}

export function aLink(given: Partial<SignedEntry> = {}): SignedEntry {
  return {
    seq: 1,
    at: at(0),
    checkpoint: false,
    jws: `header.${unique('payload')}.signature`,
    ...given,
  };
}
