import type { Client } from '../http/endpoint.ts';
import { countedAs } from '../ratelimit/counted-as.ts';
import type { Services } from '../services.ts';

/** Mail with a code to one address, whoever asks for it, and so that no stranger takes it all. ASVS 2.4.1. @throws Problem `rate-limited` */
export async function limitCodeMail(
  { store, clock, limiter }: Pick<Services, 'store' | 'clock' | 'limiter'>,
  { email, accountId, client }: { email: string; accountId: string | null; client: Client },
): Promise<void> {
  const subject = await countedAs({ store, clock }, { email, accountId, client });
  await limiter.takeShare('code-mail-hour', subject, client.network);
  await limiter.takeShare('code-mail-day', subject, client.network);
}
