import type { Models } from './models.ts';

const year = 365 * 86_400_000;

/** What documents of earlier schemas lack. May be cut short, and done by several processes at the same instant. */
export async function upgrade({ accounts, sessions, devices }: Models, from: number): Promise<void> {
  if (from >= 4) return;
  const lacking = (field: string) => ({ [field]: { $exists: false } });
  await accounts.collection.updateMany(lacking('nameKey'), [{ $set: { nameKey: { $toLower: '$name' } } }]);
  await sessions.collection.updateMany(lacking('deviceFirstUsedAt'), [{ $set: { deviceFirstUsedAt: '$createdAt' } }]);
  const now = Date.now();
  await devices.collection.updateMany(lacking('expiresAt'), { $set: { firstUsedAt: new Date(now), expiresAt: new Date(now + year) } });
}
