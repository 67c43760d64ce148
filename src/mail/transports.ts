import type { Transporter } from 'nodemailer';
import type { MailSetting } from '../config.ts';
import { once } from '../once.ts';
import type { Message } from './layout.ts';

/** Delivers mail. `deliver` returns the result; it throws when delivery must be retried. */
export interface Transport {
  deliver(mail: { id: string; to: string; message: Message }): Promise<'sent' | 'kept'>;
  /** Also aborts deliveries in progress. */
  close(): void;
}

export function makeTransport(setting: MailSetting): Transport {
  return setting.kind === 'sandbox' ? sandboxMailbox : smtp(setting);
}

/** Leaves mail in the store, where `/sandbox/mailbox` shows it. */
const sandboxMailbox: Transport = { deliver: async () => 'kept', close: () => {} };

/**
 * Timeouts in milliseconds for one step and for a whole delivery. Both are less than the lease of a mail in
 * `delivery.ts`.
 */
const timeoutMs = 10_000;
const wholeTimeoutMs = 45_000;

/**
 * Sends nothing to a server that offers no TLS, except on loopback: the mail stays queued with the reason. ASVS 12.3.1.
 */
function smtp({ url, from, mayBePlain }: Extract<MailSetting, { kind: 'smtp' }>): Transport {
  const options = {
    url,
    requireTLS: !mayBePlain,
    ignoreTLS: false,
    tls: { rejectUnauthorized: !mayBePlain, minVersion: 'TLSv1.2' as const },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  // Loaded on the first delivery, because the library is about half of the code that a server without it loads.
  let opened: Transporter | null = null;
  const open = once(
    async () => (opened = (await import('nodemailer')).createTransport(options, { from })),
  );
  const closing = new AbortController();
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    async deliver({ id, to, message }) {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(wholeTimeoutMs)]);
      // The ID is the same on every attempt, so that a server that accepted the mail before the connection failed can
      // recognise it.
      const mail = {
        to: { name: '', address: to },
        messageId: `<${id}@${domain}>`,
        ...message,
        signal,
      };
      await (await open()).sendMail(mail);
      return 'sent';
    },
    close() {
      closing.abort();
      opened?.close();
    },
  };
}
