import { later, type Clock } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { newId } from '../crypto/token.ts';
import { openMail } from '../mail/mailer.ts';
import type { Store } from '../store/port.ts';

const hour = 60 * 60_000;
const year = 365 * 24 * hour;
/** All canaries there are have addresses under it; no list that people read shows them. */
export const canaryRoot = 'canary.invalid';
/** Under it each run leaves word which domain is its own, so that the next one cleans up after one that was killed. */
const notes = `runs.${canaryRoot}`;

/** The domain of one run's canaries, under `.invalid` where nobody has mail (RFC 6761 §6.4). */
export interface CanaryDomain {
  domain: string;
  mailTo(address: string): Promise<readonly string[]>;
  /** Erases whatever the canaries made. */
  close(): Promise<void>;
}

interface Dependencies {
  store: Store;
  keyring: Keyring;
  clock: Clock;
}

/** Mail to the domain passes the same queue as all mail, and is taken from there before it is delivered. */
export async function openCanaryDomain({ store, keyring, clock }: Dependencies): Promise<CanaryDomain> {
  await eraseLeftovers({ store, clock });
  const label = newLabel();
  await leaveNote({ store, clock }, label);
  const domain = domainOf(label);
  await store.holdMail(domain, later(clock.now(), hour));
  const inbox: { to: string; text: string }[] = [];
  return {
    domain,
    async mailTo(address) {
      for (const { id, to, content } of await store.takeHeldMail(domain)) {
        if (content !== null) inbox.push({ to, text: openMail(keyring, { id, content }).text });
      }
      return inbox.filter(({ to }) => to === address).map(({ text }) => text);
    },
    async close() {
      await store.eraseDomain(domain);
      await store.eraseDomain(notes);
    },
  };
}

type Notes = Pick<Dependencies, 'store' | 'clock'>;

/** A mail that is never due: a record that `eraseDomain` and `takeHeldMail` already know how to find. */
function leaveNote({ store, clock }: Notes, label: string): Promise<void> {
  const now = clock.now();
  const [dueAt, expiresAt] = [later(now, year), later(now, year)];
  const to = `${label}@${notes}`;
  return store.insertMail({ id: newId(), to, content: null, challengeId: null, state: 'queued', tries: 0, createdAt: now, dueAt, expiresAt, lastError: null });
}

async function eraseLeftovers({ store, clock }: Notes): Promise<void> {
  await store.holdMail(notes, later(clock.now(), hour));
  for (const { to } of await store.takeHeldMail(notes)) await store.eraseDomain(domainOf(to.slice(0, to.indexOf('@'))));
}

function domainOf(label: string): string {
  return `${label}.${canaryRoot}`;
}

function newLabel(): string {
  return `c${Buffer.from(newId(), 'base64url').toString('hex').slice(0, 20)}`;
}
