import { addMs, minute } from '../clock.ts';
import type { Client } from '../http/client.ts';
import { Problem } from '../problems.ts';
import type { Challenge } from '../records.ts';
import type { Services } from '../services.ts';
import { attempts, codeLifetime } from './code-lifetime.ts';
import { type Letter, writeLetter } from './issue-challenge.ts';
import { limitCodeMail } from './limit-code-mail.ts';

const pause = minute;

type Renewable = Pick<Services, 'store' | 'clock' | 'limiter' | 'pepper' | 'mailer' | 'config'>;

/**
 * Issues a new code for the same challenge. The previous code becomes invalid and the challenge has five attempts
 * again; the address’s limit for incorrect codes is not reset. At most once a minute. ASVS 6.6.2.
 * @throws Problem `rate-limited` · `challenge-over`
 */
export async function renewChallenge(
  deps: Renewable,
  challenge: Challenge,
  { letter, accountId, client }: { letter: Letter; accountId: string | null; client: Client },
): Promise<Challenge> {
  const { store, clock, pepper, mailer } = deps;
  await takeResend(deps, challenge);
  await limitCodeMail(deps, { email: challenge.email, accountId, client });

  const now = clock.now();
  const expiresAt = addMs(now, codeLifetime);
  const { codeHash, message } = writeLetter(pepper, challenge.id, letter);
  const mail = mailer.compose({
    to: challenge.email,
    message,
    challengeId: challenge.id,
    expiresAt,
  });
  const renewed = await store.renewChallenge({
    id: challenge.id,
    codeHash,
    attemptsLeft: attempts,
    expiresAt,
    mail,
    now,
  });
  if (!renewed) throw new Problem('challenge-over');
  mailer.wake();
  return renewed;
}

/** `sentAt` also covers the first code. The limit decides between two requests at the same instant. */
async function takeResend(
  { clock, limiter, config }: Renewable,
  { id, email, sentAt }: Challenge,
): Promise<void> {
  const wait = sentAt.getTime() + pause - clock.now().getTime();
  if (config.rateLimits && wait > 0)
    throw new Problem('rate-limited', { retryAfter: Math.ceil(wait / 1000) });
  await limiter.consume('code-again', { key: email, beside: id });
}
