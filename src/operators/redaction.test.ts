import { expect, it } from 'vitest';
import { reasonInWords } from './mail-reasons.ts';
import { withoutSecrets } from './settings.ts';

it('a redacted connection string shows its host and no credentials', () => {
  const shown: [string, string | null][] = [
    [
      'mongodb://user:secret@db.example:27017/flowcept?authSource=admin&tlsKey=secret',
      'mongodb://db.example:27017/flowcept',
    ],
    ['mongodb+srv://user:sec@ret@db.example/flowcept', 'mongodb+srv://db.example/flowcept'],
    ['mongodb://a:1,b:2/flowcept', 'mongodb://a:1,b:2/flowcept'],
    ['mongodb://user:sec?ret@db.example/flowcept', 'mongodb://db.example/flowcept'],
    ['mongodb://user:sec/ret@db.example/flowcept', null],
    ['smtps://user:secret@mail.example:465/?pool=true&pass=secret', 'smtps://mail.example:465/'],
    ['smtp://mail.example', 'smtp://mail.example'],
    ['smtp://mail.example?pass=secret', 'smtp://mail.example'],
  ];
  for (const [url, safe] of shown) expect(withoutSecrets(url)).toBe(safe);
});

it('an error of a mail server is described in our words, and never in the server’s', () => {
  expect(reasonInWords('ECONNECTION CONN')).toContain('could not be reached');
  expect(reasonInWords('EENVELOPE RCPT TO 550')).toContain('the recipient');
  expect(reasonInWords('EMESSAGE DATA 452')).toContain('deferred the message');
  expect(reasonInWords('550 ada@example.org has no mailbox')).not.toContain('ada@example.org');
});
