import { challengePurposes, type Challenge, type Hashed } from '../../../records.ts';
import { domainOf } from '../../keys.ts';
import type { Value } from '../transaction.ts';
import { oneOf, date, dateOrNull } from './values.ts';

const purpose = oneOf(challengePurposes, 'challenge');

export type ChallengeRow = [
  string,
  Challenge['purpose'],
  string,
  string | null,
  Hashed,
  number,
  number,
  number,
  number | null,
  string,
];

export const toChallenge = ([
  id,
  word,
  email,
  subjectId,
  codeHash,
  attemptsLeft,
  sentAt,
  expiresAt,
  endedAt,
]: ChallengeRow): Challenge => ({
  id,
  purpose: purpose(word, id),
  email,
  subjectId,
  codeHash,
  attemptsLeft,
  sentAt: date(sentAt),
  expiresAt: date(expiresAt),
  endedAt: dateOrNull(endedAt),
});

export const fromChallenge = (challenge: Challenge): Value[] => [
  challenge.id,
  challenge.purpose,
  challenge.email,
  challenge.subjectId,
  challenge.codeHash,
  challenge.attemptsLeft,
  challenge.sentAt.getTime(),
  challenge.expiresAt.getTime(),
  challenge.endedAt?.getTime() ?? null,
  domainOf(challenge.email),
];
