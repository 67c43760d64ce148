import { Problem } from '../problems.ts';
import type { Account } from '../records.ts';
import type { Services } from '../services.ts';

/** Somebody who is signed in shows that they know the password: counted before the hash, apart from strangers' tries. @throws Problem `wrong-credentials` · `rate-limited` · `unavailable` */
export async function provePassword(
  { limiter, passwords }: Pick<Services, 'limiter' | 'passwords'>,
  { id, passwordHash }: Account,
  password: string,
): Promise<void> {
  await limiter.take('wrong-confirmation', { who: id });
  const isTheirs = await passwords.verify(password, passwordHash).catch(async (busy: unknown) => {
    // Nothing was compared, so nobody guessed.
    await limiter.refund('wrong-confirmation', { who: id });
    throw busy;
  });
  if (!isTheirs)
    throw new Problem('wrong-credentials', { detail: 'This is not the password of this account.' });
  await limiter.clear('wrong-confirmation', { who: id });
}
