import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Account } from '../store/port.ts';

/** Somebody who is signed in shows that they know the password: counted before the hash, apart from strangers' tries. @throws Problem `wrong-credentials` · `rate-limited` */
export async function provePassword(
  { limiter, passwords }: Pick<Services, 'limiter' | 'passwords'>,
  { id, passwordHash }: Account,
  password: string,
): Promise<void> {
  await limiter.take('wrong-confirmation', { who: id });
  if (!(await passwords.verify(password, passwordHash))) throw new Problem('wrong-credentials', { detail: 'This is not the password of this account.' });
  await limiter.clear('wrong-confirmation', { who: id });
}
