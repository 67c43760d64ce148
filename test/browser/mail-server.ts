import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { expect } from 'vitest';

export interface MailServer {
  /** For `SMTP_URL`. */
  url: string;
  /** The code of the newest email to this address, as soon as there is one; it is returned once. */
  codeTo(address: string): Promise<string>;
  close(): Promise<void>;
}

interface Mail {
  to: string[];
  text: string;
}

/** A mail server that accepts and keeps everything. */
export async function openMailServer(): Promise<MailServer> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    async onData(stream, { envelope }, done) {
      const { text = '' } = await simpleParser(stream);
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), text });
      done();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const codeIn = (address: string) =>
    mails.findLast(({ to }) => to.includes(address))?.text.match(/^\d{6}$/m)?.[0];
  const takeCode = (address: string) => {
    const code = codeIn(address) ?? '';
    mails.splice(0, mails.length, ...mails.filter(({ to }) => !to.includes(address)));
    return code;
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    codeTo: (address) =>
      expect
        .poll(() => codeIn(address), { timeout: 10_000 })
        .toBeDefined()
        .then(() => takeCode(address)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
