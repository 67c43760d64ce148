import type { Target } from './target.ts';
import { must } from './verdict.ts';

/** A stranger at this client address asks for codes to somebody's address until there are no more. How many were sent. */
export async function useUpCodeMail(
  target: Target,
  email: string,
  address: string,
): Promise<number> {
  for (let sent = 0; sent < 12; sent += 1) {
    const { status } = await target.actor(address).post('/api/recovery', { email });
    if (status === 429) return sent;
  }
  must(false, `Twelve mails with codes for ${email} were sent within seconds.`);
  return 12;
}
