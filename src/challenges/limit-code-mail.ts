import type { Client } from '../http/client.ts';
import { countedAs } from '../ratelimit/counted-as.ts';
import type { Services } from '../services.ts';

/**
 * Limits emails with codes to one address, from all clients together, with a fair share for each network. ASVS 2.4.1.
 * @throws Problem `rate-limited`
 */
export async function limitCodeMail(
  { store, clock, limiter }: Pick<Services, 'store' | 'clock' | 'limiter'>,
  { email, accountId, client }: { email: string; accountId: string | null; client: Client },
): Promise<void> {
  const subject = await countedAs({ store, clock }, { email, accountId, client });
  await limiter.consumeShare('code-mail-hour', subject, client.network);
  await limiter.consumeShare('code-mail-day', subject, client.network);
}
