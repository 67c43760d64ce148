import type { ChallengeView } from '../api/challenges.ts';
import type { Challenge } from '../records.ts';

export function challengeView({
  id,
  purpose,
  expiresAt,
  attemptsLeft,
  email,
}: Challenge): ChallengeView {
  const sent = purpose === 'second-factor' ? {} : { sentTo: email };
  return { id, purpose, expiresAt: expiresAt.toISOString(), attemptsLeft, ...sent };
}

export function isExpired({ endedAt, expiresAt, attemptsLeft }: Challenge, now: Date): boolean {
  return endedAt !== null || attemptsLeft <= 0 || now >= expiresAt;
}
