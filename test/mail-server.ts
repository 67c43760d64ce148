import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  /** Every email that it accepted, in order. */
  readonly taken: readonly ParsedMail[];
  /** How many emails it was offered. */
  offered(): number;
  takenBy(address: string): ParsedMail[];
  close(): Promise<void>;
}

/**
 * Accepts email on this port after rejecting the first `rejections`: temporarily, unless `code` is
 * permanent (RFC 5321 §4.2.1). An error quotes the address and the content. `onTaken` is called
 * before the sender hears that the email was accepted.
 */
export async function takeMail(
  port: number,
  {
    rejections = 0,
    code = 451,
    onTaken = () => {},
  }: { rejections?: number; code?: number; onTaken?: () => void } = {},
): Promise<MailServer> {
  const taken: ParsedMail[] = [];
  let offered = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, done) {
      offered += 1;
      const isRefused = offered <= rejections;
      simpleParser(stream, (broken, mail) => {
        if (!broken && !isRefused) {
          taken.push(mail);
          onTaken();
        }
        const quoted = `Not for ${addressesOf(mail).join()}: ${mail.text?.replace(/\s+/g, ' ')}`;
        done(
          broken ?? (isRefused ? Object.assign(new Error(quoted), { responseCode: code }) : null),
        );
      });
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await new Promise<void>((resolve) => server.close(resolve));
  };
  return {
    taken,
    offered: () => offered,
    takenBy: (address) => taken.filter((mail) => addressesOf(mail).includes(address)),
    close,
  };
}

function addressesOf({ to }: ParsedMail): string[] {
  const lists = Array.isArray(to) ? to : to ? [to] : [];
  return lists.flatMap(({ value }) => value.map(({ address }) => address ?? ''));
}

/** Accepts one email after another on this port, and closes the connection instead of saying so. */
export async function forgetfulServer(
  port: number,
): Promise<{ taken: readonly string[]; close(): Promise<void> }> {
  const taken: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    let inText = false;
    socket.on('error', () => {}).write('220 ready\r\n');
    socket.on('data', (bytes: Buffer) => {
      const said = bytes.toString('utf8');
      if (inText) {
        text += said;
        if (!text.endsWith('\r\n.\r\n')) return;
        taken.push(text);
        socket.destroy();
        return;
      }
      inText = /^DATA/i.test(said);
      socket.write(inText ? '354 continue\r\n' : '250 yes\r\n');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    taken,
    async close() {
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

/** Accepts connections on this port and never answers. */
export async function hangingServer(
  port: number,
): Promise<{ connections(): number; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    connections: () => sockets.length,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
