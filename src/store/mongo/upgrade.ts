import type { Models } from './models.ts';

const year = 365 * 86_400_000;
/** No factor was ever confirmed after it. */
const never = new Date('9999-12-31T23:59:59.999Z');

const lacking = (field: string) => ({ [field]: { $exists: false } });

/** What documents of schemas before this one lack. */
const steps: readonly { version: number; fill(models: Models): Promise<unknown> }[] = [
  {
    version: 4,
    async fill({ accounts, sessions, devices }) {
      await accounts.collection.updateMany(lacking('nameKey'), [{ $set: { nameKey: { $toLower: '$name' } } }]);
      await sessions.collection.updateMany(lacking('deviceFirstUsedAt'), [{ $set: { deviceFirstUsedAt: '$createdAt' } }]);
      const now = Date.now();
      await devices.collection.updateMany(lacking('expiresAt'), { $set: { firstUsedAt: new Date(now), expiresAt: new Date(now + year) } });
    },
  },
  { version: 5, fill: ({ undos }) => undos.collection.updateMany(lacking('since'), { $set: { since: never } }) },
  { version: 6, fill: ({ undos }) => undos.collection.updateMany(lacking('email'), { $set: { email: null } }) },
  // Of passkeys from before nobody knows whether they verified their user when they were added.
  { version: 11, fill: ({ factors }) => factors.collection.updateMany(lacking('uvInitialized'), { $set: { uvInitialized: false } }) },
  // Until then a browser had one mark for all of its accounts.
  { version: 12, fill: ({ devices }) => devices.collection.updateMany(lacking('shared'), { $set: { replacedAt: null, shared: true } }) },
];

/** Fills in what is missing. May be cut short, and done by several processes at the same instant. */
export async function upgrade(models: Models, from: number): Promise<void> {
  for (const { version, fill } of steps) if (from < version) await fill(models);
}
