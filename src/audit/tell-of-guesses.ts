import { addMs, day } from '../clock.ts';
import { lockedByGuesses } from '../mail/account-notices.ts';
import { factorLockedByGuesses } from '../mail/factor-notices.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

const letters = { password: lockedByGuesses, factor: factorLockedByGuesses };

/**
 * Notifies the account owner that guesses have exhausted the limit for their password or their second factors, at most
 * once a day for each. The email is sent outside the request, so that the response time does not reveal it.
 */
export function tellOfGuesses(
  {
    store,
    clock,
    config,
    limiter,
    log,
    mailer,
  }: Pick<Services, 'store' | 'clock' | 'config' | 'limiter' | 'log' | 'mailer'>,
  { email, at }: { email: string; at: keyof typeof letters },
): void {
  const send = async () => {
    await limiter.consume('guessing-mail', { key: email, beside: at });
    const message = letters[at]({ origin: config.origin });
    await store.insertMail(
      mailer.compose({ to: email, message, challengeId: null, expiresAt: addMs(clock.now(), day) }),
    );
    mailer.wake();
  };
  send().catch((error: unknown) => {
    if (!(error instanceof Problem))
      log.warn(
        { err: error },
        'The notice about failed attempts could not be queued for the account’s owner.',
      );
  });
}
