import { expect, it } from 'vitest';
import { isCommon } from './common-passwords.ts';

it('rejects common passwords, whatever their case and spelling', () => {
  for (const password of [
    'password',
    'PASSWORD1',
    '123456789987654321',
    '1qaz2wsx3edc4rfv',
    'Password Password Password',
    'qwertyuiop-qwertyuiop',
    'password.password',
  ]) {
    expect([password, isCommon(password)]).toEqual([password, true]);
  }
});

it('accepts uncommon passwords', () => {
  for (const password of [
    'quiet rivers carry old maps',
    '😀'.repeat(40),
    'x'.repeat(64),
    'a\nb',
    '',
    '\n',
    'seven lamps along the harbour',
  ]) {
    expect([password, isCommon(password)]).toEqual([password, false]);
  }
});
