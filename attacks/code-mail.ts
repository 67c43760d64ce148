import type { Target } from './target.ts';
import { must } from './verdict.ts';

/**
 * A visitor at this client address requests codes for another user’s address until the limit is
 * exhausted. Returns how many were sent.
 */
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
