import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';

/**
 * Verifies the password of a signed-in user. The attempt is counted before hashing, and separately from attempts to
 * sign in.
 * @throws Problem `wrong-credentials` · `rate-limited` · `unavailable`
 */
export async function provePassword(
  { limiter, passwords }: Pick<Services, 'limiter' | 'passwords'>,
  { id, passwordHash }: Account,
  password: string,
): Promise<void> {
  await limiter.consume('wrong-confirmation', { key: id });
  const isTheirs = await passwords.verify(password, passwordHash).catch(async (busy: unknown) => {
    // Nothing was compared, so this was not a guess.
    await limiter.refund('wrong-confirmation', { key: id });
    throw busy;
  });
  if (!isTheirs) throw new Problem('wrong-credentials', { detail: 'That password is incorrect.' });
  await limiter.reset('wrong-confirmation', { key: id });
}
