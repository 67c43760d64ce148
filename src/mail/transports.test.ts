import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import { takeMail } from '../../test/mail-server.ts';
import { readConfig, StartRefused } from '../config.ts';
import { makeTransport } from './transports.ts';

const address = 'no-reply@example.org';
const message = { subject: 'Subject', text: 'Text', html: '<p>Text</p>' };

/** How a mail server receives the sender: parsed, and the header line itself. */
async function received(from: string): Promise<{ sender: unknown; line: string }> {
  const port = await freePort();
  const server = await takeMail(port);
  onTestFinished(() => server.close());
  const { mail } = readConfig({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: from });
  const transport = makeTransport(mail);
  onTestFinished(() => transport.close());
  await transport.deliver({ id: 'one', to: 'ada@example.com', message });
  const [taken] = server.taken;
  const line = taken?.headerLines.find(({ key }) => key === 'from')?.line ?? '';
  expect(taken?.messageId).toBe('<one@example.org>');
  return { sender: taken?.from?.value, line };
}

/** RFC 5322 §3.2.4 and §3.4: atoms, one quoted string, or encoded words of RFC 2047. */
const mailbox =
  /^From: (?:(?:[\w !#$%&'*+/=?^`{|}~-]+|"(?:[^"\\]|\\[\x20-\x7e])*"|(?:=\?UTF-8\?[BQ]\?[^?\s]+\?=\s*)+) <no-reply@example\.org>|no-reply@example\.org)$/;

describe('the sender of an email', () => {
  it.each([
    'Example',
    'Example: Accounts',
    'Example (Accounts)',
    'Example, Inc.',
    'accounts@example.com',
    'Example; Accounts',
    'Example <Accounts>',
    'Ex"ample',
    'Ex\\ample',
    'O’Brien, José: 日本 (アカウント) @ Émile',
    `Example ${'and a long name, '.repeat(8)}Inc.`,
  ])('has the display name %s', async (name) => {
    const { sender, line } = await received(`${name} <${address}>`);
    expect(sender).toEqual([{ name, address }]);
    expect(line.replaceAll('\r\n', '')).toMatch(mailbox);
  });

  it.each([
    ['in quotes', `"Example, \\"Inc.\\"" <${address}>`, 'Example, "Inc."'],
    ['that is left out', address, ''],
    ['that is empty', `<${address}>`, ''],
  ])('has a display name %s', async (_, from, name) => {
    const { sender, line } = await received(from);
    expect(sender).toEqual([{ name, address }]);
    expect(line).toMatch(mailbox);
  });

  it.each([
    ['a line break in the name', `Example\r\nBcc: eve@example.com <${address}>`],
    ['a line feed in the name', `Example\nBcc: eve@example.com <${address}>`],
    ['a line break in the address', `Example <no-reply\r\n@example.org>`],
    ['a line break at the end', `Example <${address}>\n`],
    ['a control character', `Exam\u0000ple <${address}>`],
    ['two addresses', `${address}, eve@example.com`],
    ['two addresses without a space', `${address},eve@example.com`],
    ['no address', 'Example'],
    ['an open angle bracket', `Example <${address}`],
    ['no open angle bracket', `${address}>`],
    ['text after the address', `<${address}> Example`],
    ['a comment in the address', `Example <no-reply(a)@example.org>`],
  ])('is refused at the start with %s', (_, from) => {
    const read = () => readConfig({ SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: from });
    expect(read).toThrow(
      new StartRefused([
        'MAIL_FROM must be an email address such as Example <no-reply@example.org>.',
      ]),
    );
  });
});
