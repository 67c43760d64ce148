import type { Transporter } from 'nodemailer';
import type { MailSetting } from '../config.ts';
import { once } from '../once.ts';
import type { Message } from './layout.ts';

/** Where mail goes. `deliver` answers what became of it; it throws when the mail must be tried again. */
export interface Transport {
  deliver(mail: { id: string; to: string; message: Message }): Promise<'sent' | 'kept'>;
  /** Also ends what is on its way. */
  close(): void;
}

export function makeTransport(setting: MailSetting): Transport {
  return setting.kind === 'sandbox' ? sandboxMailbox : smtp(setting);
}

/** Keeps what it is given in the store, where `/sandbox/mailbox` shows it. */
const sandboxMailbox: Transport = { deliver: async () => 'kept', close: () => {} };

/** Milliseconds for one step, and for all of them: less than the lease of a mail in `delivery.ts`. */
const timeoutMs = 10_000;
const wholeTimeoutMs = 45_000;

/** Off loopback a server that offers no TLS gets nothing: the mail stays queued and says why. ASVS 12.3.1. */
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
  // Loaded with the first mail: it is half of what a server without it has to read.
  let opened: Transporter | null = null;
  const open = once(
    async () => (opened = (await import('nodemailer')).createTransport(options, { from })),
  );
  const closing = new AbortController();
  const domain = /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    async deliver({ id, to, message }) {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(wholeTimeoutMs)]);
      // The same id at every try: a server that took a mail and lost the line can tell that it has it.
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
