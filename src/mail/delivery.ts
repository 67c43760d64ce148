import { addMs, type Clock, second } from '../clock.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Log } from '../log.ts';
import type { QueuedMail } from '../records.ts';
import type { Store } from '../store/port.ts';
import type { MailOutcome } from '../store/port/mail.ts';
import { openMail } from './mailer.ts';
import type { Transport } from './transports.ts';

/** Pauses between delivery attempts. The last one repeats until the mail expires. */
const pauses = [5, 15, 45, 120, 300].map((n) => n * second);
/** How long a process has exclusive delivery of a mail. Longer than the timeout of a mail server. */
export const leaseTime = 60 * second;
const lookEvery = 5 * second;
/** Time for a delivery in progress to finish when the process stops. After that it is aborted and becomes due again. */
const partingTime = 4 * second;

export interface Delivery {
  /** Delivers all mail that is due. Resolves when none is left. */
  deliverDue(): Promise<void>;
  wake(): void;
  stop(): Promise<void>;
}

interface Dependencies {
  store: Store;
  clock: Clock;
  keyring: Keyring;
  transport: Transport;
  log: Log;
}

/** Delivers queued mail. Any number of processes can do so at once: each mail is claimed by one of them. */
export function startDelivery(deps: Dependencies): Delivery {
  let stopped = false;
  let last = Promise.resolve();
  let queued: Promise<void> | null = null;

  const drain = async () => {
    while (!stopped && (await deliverOne(deps)));
  };
  const begin = () => {
    queued = null;
    return drain();
  };
  const deliverDue = () => {
    queued ??= last = last.catch(() => {}).then(begin);
    return queued;
  };
  const wake = () => {
    deliverDue().catch((error: unknown) =>
      deps.log.warn({ err: error }, 'The mail queue could not be processed; mail stays queued.'),
    );
  };
  const timer = setInterval(wake, lookEvery).unref();
  wake();

  return {
    deliverDue,
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      const cutOff = setTimeout(() => deps.transport.close(), partingTime);
      await last.catch(() => {});
      clearTimeout(cutOff);
      deps.transport.close();
    },
  };
}

async function deliverOne(deps: Dependencies): Promise<boolean> {
  const now = deps.clock.now();
  const mail = await deps.store.claimMail(now, addMs(now, leaseTime));
  if (!mail) return false;
  await deps.store.settleMail(mail, await attempt(deps, mail, now));
  return true;
}

async function attempt(
  { transport, keyring, clock, log }: Dependencies,
  mail: QueuedMail,
  now: Date,
): Promise<MailOutcome> {
  const { id, to, content, tries, expiresAt } = mail;
  if (content === null || now >= expiresAt) return { kind: 'dropped', reason: 'expired' };
  try {
    return {
      kind: await transport.deliver({ id, to, message: openMail(keyring, { id, content }) }),
    };
  } catch (error) {
    const reason = reasonOf(error);
    log.warn({ mail: id, tries, reason }, 'An email could not be delivered; it will be retried.');
    const pause = pauses[Math.min(tries, pauses.length) - 1] ?? lookEvery;
    return { kind: 'retry', dueAt: addMs(clock.now(), pause), reason };
  }
}

/**
 * Omits the mail server’s text, which may contain the recipient’s address. Keeps the status code and the failed step.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, command, responseCode } = error as Error & {
    code?: unknown;
    command?: unknown;
    responseCode?: unknown;
  };
  const parts = [code, command, responseCode].filter(
    (part) => typeof part === 'string' || typeof part === 'number',
  );
  return parts.length > 0 ? parts.join(' ') : error.name;
}
