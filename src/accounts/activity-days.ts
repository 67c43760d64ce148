import type { z } from 'zod/mini';
import type { activityDay } from '../api/accounts.ts';
import { day } from '../clock.ts';
import type { Services, Principal } from '../services.ts';

const daysShown = 30;
/** Maximum number of events read. For an account with more events in 30 days, the earlier days are unknown. */
const maxEvents = 1_000;

/**
 * Counts the account’s security events on each of the last 30 days (UTC), ending with today. `events` is `null` for a
 * day whose events were not all read.
 */
export async function activityDays(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { account }: Principal,
): Promise<{ items: z.infer<typeof activityDay>[] }> {
  const found = await store.listEvents({ accountId: account.id, before: null, limit: maxEvents });
  const counts = new Map<string, number>();
  for (const { at } of found)
    counts.set(dayOf(at.getTime()), (counts.get(dayOf(at.getTime())) ?? 0) + 1);
  const oldest = found.length < maxEvents ? '' : dayOf(found.at(-1)?.at.getTime() ?? 0);
  const days = Array.from({ length: daysShown }, (_, ago) =>
    dayOf(clock.now().getTime() - (daysShown - 1 - ago) * day),
  );
  return {
    items: days.map((date) => ({
      day: date,
      events: date <= oldest ? null : (counts.get(date) ?? 0),
    })),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
