import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  /** Everything it took, in this order. */
  readonly taken: readonly ParsedMail[];
  /** How many mails it was offered. */
  offered(): number;
  takenBy(address: string): ParsedMail[];
  close(): Promise<void>;
}

/** Takes mail on this port, after refusing the first `refusals` for now (RFC 5321 §4.2.1: 4xx). */
export async function takeMail(port: number, { refusals = 0 } = {}): Promise<MailServer> {
  const taken: ParsedMail[] = [];
  let offered = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, done) {
      offered += 1;
      const refusal = offered <= refusals ? Object.assign(new Error('Try again later'), { responseCode: 451 }) : null;
      simpleParser(stream, (broken, mail) => {
        if (!broken && !refusal) taken.push(mail);
        done(broken ?? refusal);
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
  return { taken, offered: () => offered, takenBy: (address) => taken.filter((mail) => addressesOf(mail).includes(address)), close };
}

function addressesOf({ to }: ParsedMail): string[] {
  const lists = Array.isArray(to) ? to : to ? [to] : [];
  return lists.flatMap(({ value }) => value.map(({ address }) => address ?? ''));
}

/** Takes connections on this port and never says a word. */
export async function hangingServer(port: number): Promise<{ connections(): number; close(): Promise<void> }> {
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
