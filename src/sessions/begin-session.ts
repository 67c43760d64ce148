import { describeDevice } from '../audit/device.ts';
import { noticeOf } from '../audit/notice.ts';
import { securityEvent } from '../audit/security-event.ts';
import { later } from '../clock.ts';
import { hashToken, newId, newToken } from '../crypto/token.ts';
import { expiredCookie, tokenCookie } from '../http/cookies.ts';
import type { Client } from '../http/endpoint.ts';
import { newDevice } from '../mail/messages.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Account, PasswordHash, Session, SessionMethod } from '../store/port.ts';
import { deviceMemory, lifetimes, mostSessions } from './lifetimes.ts';

type Dependencies = Pick<Services, 'store' | 'clock' | 'config' | 'mailer'>;

interface Beginning {
  account: Account;
  method: SessionMethod;
  stay: boolean;
  /** The hash that a password was proven against; `null` where it was not a password that opened the door. */
  provenHash: PasswordHash | null;
  client: Client;
  /** Receives the cookies. */
  headers: Headers;
}

/**
 * The one door: every session there is was made here, whatever the way in, with a value that nobody has seen before.
 * What a browser presented as its session is over from then on. ASVS 7.2.3, 7.2.4.
 */
export async function beginSession(deps: Dependencies, beginning: Beginning): Promise<Session> {
  const { store, clock, config, mailer } = deps;
  const { account, method, stay, provenHash, client, headers } = beginning;
  const now = clock.now();
  const token = newToken();
  const deviceToken = client.deviceToken ?? newToken();
  const device = { hash: hashToken(deviceToken), until: later(now, deviceMemory) };
  const firstUsedAt = await store.deviceFirstUsed({ device: device.hash, accountId: account.id, now });
  const { idle, whole } = stay ? lifetimes.stay : lifetimes.usual;
  const session: Session = {
    id: newId(),
    tokenHash: hashToken(token),
    accountId: account.id,
    method,
    device: describeDevice(client.userAgent),
    address: client.address,
    deviceFirstUsedAt: firstUsedAt ?? now,
    idle,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: later(now, whole),
    confirmedAt: now,
  };
  const presented = client.sessionToken === null ? null : await store.findSession(hashToken(client.sessionToken));
  const event = securityEvent(deps, { action: 'session.begun', accountId: account.id, actorId: account.id, target: session.id, client });
  const isNews = method === 'password' && firstUsedAt === null;
  const notice = isNews ? noticeOf(deps, { event, to: account.email, message: newDevice }) : null;
  const replacing = presented?.session.id ?? null;
  const begun = await store.insertSession(session, { keep: mostSessions, replacing, device, provenHash, event, notice });
  if (!begun) throw new Problem('wrong-credentials', { cause: 'the password was changed while it was proven' });
  if (notice) mailer.wake();

  headers.append('Set-Cookie', tokenCookie('flowcept', token, { secure: config.secure, maxAge: whole }));
  headers.append('Set-Cookie', tokenCookie('flowcept-device', deviceToken, { secure: config.secure, maxAge: deviceMemory }));
  return session;
}

/** What a browser is told when its session is over; the server has forgotten it already. ASVS 14.3.1. */
export function forgetInBrowser({ config }: Pick<Services, 'config'>, headers: Headers): void {
  headers.append('Set-Cookie', expiredCookie('flowcept', config.secure));
  headers.set('Clear-Site-Data', '"cache", "storage"');
}
