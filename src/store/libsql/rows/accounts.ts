import type { PasswordHash, Account, SignUp } from '../../../records.ts';
import { domainOf, nameKeyOf } from '../../keys.ts';
import type { Value } from '../transaction.ts';
import { date } from './values.ts';

export type AccountRow = [
  string,
  string,
  string,
  PasswordHash | null,
  number,
  number,
  string,
  string,
  string | null,
];

export const toAccount = ([
  id,
  email,
  name,
  passwordHash,
  operator,
  createdAt,
  ,
  ,
  restoring,
]: AccountRow): Account => ({
  id,
  email: restoring ?? email,
  name,
  passwordHash,
  operator: operator === 1,
  createdAt: date(createdAt),
});

export const fromAccount = (account: Account): Value[] => [
  account.id,
  account.email,
  account.name,
  account.passwordHash,
  Number(account.operator),
  account.createdAt.getTime(),
  domainOf(account.email),
  nameKeyOf(account.name),
  null,
];

export type SignUpRow = [string, string, string, PasswordHash, string, number, number, string];

export const toSignUp = ([
  id,
  email,
  name,
  passwordHash,
  challengeId,
  createdAt,
  expiresAt,
]: SignUpRow): SignUp => ({
  id,
  email,
  name,
  passwordHash,
  challengeId,
  createdAt: date(createdAt),
  expiresAt: date(expiresAt),
});

export const fromSignUp = (signUp: SignUp): Value[] => [
  signUp.id,
  signUp.email,
  signUp.name,
  signUp.passwordHash,
  signUp.challengeId,
  signUp.createdAt.getTime(),
  signUp.expiresAt.getTime(),
  domainOf(signUp.email),
];
