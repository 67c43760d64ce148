import { codeMinutes } from '../api/durations.ts';
import { layOut, productName, type Message } from './layout.ts';

/** Codes, and what an address gets in place of one. They contain no name, because an attacker may have typed it. */

const expires = `The code expires in ${codeMinutes} minutes.`;
const noActionNeeded = 'If this wasn’t you, no action is needed.';

export function verifyEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} verification code: ${code}`,
    paragraphs: [
      `Use this code to verify your email address and create your account at ${origin}:`,
    ],
    code,
    closing: `${expires} If you didn’t sign up, no action is needed: without the code, no account is created.`,
  });
}

export function alreadyHasAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: You already have an account`,
    paragraphs: [
      `Someone tried to create an account at ${origin} with this email address. You already have an account, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: `If this was you, sign in instead. ${noActionNeeded}`,
  });
}

export function changeEmail({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} verification code for your new email address: ${code}`,
    paragraphs: [
      `Use this code to confirm this as the new email address for your account at ${origin}:`,
    ],
    code,
    closing: `${expires} If you didn’t request it, no action is needed: nothing changes without the code.`,
  });
}

export function addressInUse({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: This email address already has an account`,
    paragraphs: [
      `Someone tried to change the email address for another account at ${origin} to this one. You already have an account with this email address, and nothing about it was changed.`,
    ],
    link: { href: `${origin}/sign-in`, label: 'Sign in' },
    closing: `If this was you, choose a different email address. ${noActionNeeded}`,
  });
}

export function recover({ origin, code }: { origin: string; code: string }): Message {
  return layOut({
    subject: `${productName} password reset code: ${code}`,
    paragraphs: [`Use this code to reset the password for your account at ${origin}:`],
    code,
    closing: `${expires} If you didn’t request it, no action is needed: your password stays the same.`,
  });
}

export function hasNoAccount({ origin }: { origin: string }): Message {
  return layOut({
    subject: `${productName}: There is no account with this email address`,
    paragraphs: [
      `Someone tried to reset the password for an account at ${origin} with this email address, but there is no such account.`,
    ],
    link: { href: `${origin}/sign-up`, label: 'Create an account' },
    closing: `If this was you, try a different email address or create an account. ${noActionNeeded}`,
  });
}
