import { canaryRoot } from '../../canary-addresses.ts';
import { addMs, type Clock, day } from '../../clock.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { newId } from '../../crypto/token.ts';
import { openMail } from '../../mail/mailer.ts';
import type { Store } from '../../store/port.ts';

/**
 * Milliseconds; much longer than any run. A later run finds the domains of killed runs by their holds, and erases them.
 */
const heldFor = 365 * day;

/** The domain of one run’s canary accounts. */
export interface CanaryDomain {
  domain: string;
  mailTo(address: string): Promise<readonly string[]>;
  /** Erases everything that the canary accounts created. */
  close(): Promise<void>;
}

interface Dependencies {
  store: Store;
  keyring: Keyring;
  clock: Clock;
}

/** A random domain, which cannot be guessed. */
export function newCanaryDomain(): string {
  return `c${Buffer.from(newId(), 'base64url').toString('hex').slice(0, 32)}.${canaryRoot}`;
}

/**
 * Opens the domain. Mail to it passes through the usual queue and is taken out before delivery. Also erases what
 * earlier runs left.
 */
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
