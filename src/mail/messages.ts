import { layOut, type Message } from './layout.tsx';

/** Every mail there is. */

export function verifyEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${code} is your code`,
    paragraphs: [`Somebody, we hope you, is making an account at ${origin} with this address. To prove that it is yours, type this code there:`],
    code,
    closing: 'It works for ten minutes. If it was not you, do nothing: without the code there is no account.',
  });
}

export function alreadyHasAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: 'You have an account already',
    paragraphs: [
      `Somebody, perhaps you, tried to make an account at ${origin} with this address. It has one already, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: 'If it was not you, there is nothing to do.',
  });
}
