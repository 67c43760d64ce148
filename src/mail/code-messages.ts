import { codeMinutes } from '../api/durations.ts';
import { layOut, productName, type Message } from './layout.ts';

/** Codes, and what an address gets in place of one. They contain no name, because an attacker may have typed it. */

const expires = `It expires in ${codeMinutes} minutes.`;
const nothingToDo = 'If it wasn’t you, you can ignore this email.';

export function verifyEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} code: ${code}`,
    paragraphs: [
      `Use this code to verify your email address and create your account at ${origin}:`,
    ],
    code,
    closing: `${expires} If you didn’t sign up, ignore this email: without the code no account is created.`,
  });
}

export function alreadyHasAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: You already have an account`,
    paragraphs: [
      `Someone, perhaps you, tried to create an account at ${origin} with this email address. You already have one, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: nothingToDo,
  });
}

export function changeEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} code for your new email address: ${code}`,
    paragraphs: [`Use this code to make this the email address of your account at ${origin}:`],
    code,
    closing: `${expires} If you didn’t ask for it, ignore this email: nothing changes without the code.`,
  });
}

export function addressInUse({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: This email address already has an account`,
    paragraphs: [
      `Someone, perhaps you, tried to change the email address of another account at ${origin} to this one. It already has an account, and nothing about that was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: nothingToDo,
  });
}

export function recover({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} password reset code: ${code}`,
    paragraphs: [`Use this code to reset the password of your account at ${origin}:`],
    code,
    closing: `${expires} If you didn’t ask for it, ignore this email: your password stays the same.`,
  });
}

export function hasNoAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: There is no account with this email address`,
    paragraphs: [
      `Someone, perhaps you, tried to reset the password of an account at ${origin} with this email address. There is no such account.`,
    ],
    link: { href: `${origin}/sign-up`, label: 'Create an account' },
    closing: nothingToDo,
  });
}
