import { canaryRoot } from '../../canary-addresses.ts';
import { addMs, type Clock } from '../../clock.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { newId } from '../../crypto/token.ts';
import { openMail } from '../../mail/mailer.ts';
import type { Store } from '../../store/port.ts';

/** Long after any run: the hold is also the record by which a later run cleans up after one that was killed. */
const heldFor = 365 * 24 * 60 * 60_000;

/** The domain of one run's canary accounts. */
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

/** One that nobody can guess. */
export function newCanaryDomain(): string {
  return `c${Buffer.from(newId(), 'base64url').toString('hex').slice(0, 32)}.${canaryRoot}`;
}

/** Mail to the domain passes the same queue as all mail, and is taken from there before it is delivered. What earlier runs left is erased. */
export async function openCanaryDomain(
  { store, keyring, clock }: Dependencies,
  domain: string,
): Promise<CanaryDomain> {
  for (const left of await store.heldDomains()) if (left !== domain) await store.eraseDomain(left);
  await store.holdMail(domain, addMs(clock.now(), heldFor));
  const inbox: { to: string; text: string }[] = [];
  return {
    domain,
    async mailTo(address) {
      for (const { id, to, content } of await store.takeHeldMail(domain)) {
        if (content !== null) inbox.push({ to, text: openMail(keyring, { id, content }).text });
      }
      return inbox.filter(({ to }) => to === address).map(({ text }) => text);
    },
    close: () => store.eraseDomain(domain),
  };
}
