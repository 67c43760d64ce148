import { day } from '../../clock.ts';
import { documentVersion } from './documents.ts';
import type { Models } from './models.ts';

const year = 365 * day;
/** Later than the confirmation of any factor. */
const never = new Date('9999-12-31T23:59:59.999Z');

const lacking = (field: string) => ({ [field]: { $exists: false } });

/** Fills in what documents of older schemas lack. */
const steps: readonly { version: number; fill(models: Models): Promise<unknown> }[] = [
  {
    version: 4,
    async fill({ accounts, sessions, devices }) {
      await accounts.collection.updateMany(lacking('nameKey'), [
        { $set: { nameKey: { $toLower: '$name' } } },
      ]);
      await sessions.collection.updateMany(lacking('deviceFirstUsedAt'), [
        { $set: { deviceFirstUsedAt: '$createdAt' } },
      ]);
      const now = Date.now();
      await devices.collection.updateMany(lacking('expiresAt'), {
        $set: { firstUsedAt: new Date(now), expiresAt: new Date(now + year) },
      });
    },
  },
  {
    version: 5,
    fill: ({ undos }) => undos.collection.updateMany(lacking('since'), { $set: { since: never } }),
  },
  {
    version: 6,
    fill: ({ undos }) => undos.collection.updateMany(lacking('email'), { $set: { email: null } }),
  },
  // It is unknown whether older passkeys verified their user when they were added.
  {
    version: 11,
    fill: ({ factors }) =>
      factors.collection.updateMany(lacking('uvInitialized'), { $set: { uvInitialized: false } }),
  },
  // Before this version a browser had one device cookie for all of its accounts.
  {
    version: 12,
    fill: ({ devices }) =>
      devices.collection.updateMany(lacking('shared'), {
        $set: { replacedAt: null, shared: true },
      }),
  },
  {
    version: 13,
    async fill(models) {
      await putUndosInOrder(models);
      await dateRecoveryCodes(models);
    },
  },
  {
    version: 14,
    // No account is excepted by its address any longer. The domains of killed runs were recorded as mails, and are now
    // recorded as holds.
    async fill({ rules, holds, mails }) {
      await rules.collection.updateMany({}, { $unset: { except: '' } });
      const notes = {
        domain: 'runs.canary.invalid',
        state: 'queued' as const,
        content: null,
        challengeId: null,
      };
      for (const { to, expiresAt } of await mails.find(notes, { to: 1, expiresAt: 1 }).lean()) {
        const domain = `${to.slice(0, to.indexOf('@'))}.canary.invalid`;
        await holds.updateOne(
          { _id: domain },
          { $setOnInsert: { v: documentVersion, until: expiresAt } },
          { upsert: true },
        );
      }
      await mails.deleteMany(notes);
      await holds.deleteOne({ _id: 'runs.canary.invalid' });
    },
  },
  // Before this version a stopped recovery was deleted.
  {
    version: 15,
    fill: ({ factorRecoveries }) =>
      factorRecoveries.collection.updateMany(lacking('stoppedAt'), { $set: { stoppedAt: null } }),
  },
  {
    version: 16,
    fill: ({ pendingSignIns }) =>
      pendingSignIns.collection.updateMany(lacking('provenSubject'), {
        $set: { provenSubject: null },
      }),
  },
  {
    version: 17,
    fill: ({ accounts }) =>
      accounts.collection.updateMany(lacking('restoring'), { $set: { restoring: null } }),
  },
  { version: 18, fill: nameCounts },
  { version: 19, fill: renameValues },
  {
    version: 20,
    // A start binds these identities to the issuer that is configured.
    async fill({ identities, pendingSignIns }) {
      await identities.collection.updateMany(lacking('issuer'), { $set: { issuer: null } });
      await pendingSignIns.collection.updateMany(lacking('provenIssuer'), {
        $set: { provenIssuer: null },
      });
    },
  },
];

/** Version of the whole schema. If the database has a newer one, this server is too old for it. */
export const schemaVersion = Math.max(...steps.map(({ version }) => version));

/** The terms of docs/glossary.md. */
async function renameValues({ events, flows, identities }: Models): Promise<void> {
  for (const [from, to] of [
    ['account.moved', 'account.email-changed'],
    ['operator.granted', 'operator.added'],
    ['operator.limit-lifted', 'operator.limit-cleared'],
    ['operator.withdrawn', 'operator.removed'],
    ['password.recovered', 'password.reset'],
    ['provider.joined', 'provider.connected'],
    ['provider.dropped', 'provider.disconnected'],
  ])
    await events.collection.updateMany({ action: from }, { $set: { action: to } });
  await flows.collection.updateMany({ purpose: 'join' }, { $set: { purpose: 'connect' } });
  await identities.collection.updateMany(
    { joinedAt: { $exists: true } },
    { $rename: { joinedAt: 'connectedAt' } },
  );
}

/** Undo links get the account’s address at the time of issue, and the order of issue. */
async function putUndosInOrder({ undos, accounts }: Models): Promise<void> {
  await undos.collection.updateMany({ since: never }, [
    { $set: { since: { $subtract: ['$expiresAt', 7 * day] } } },
  ]);
  for (const accountId of await undos.collection.distinct('accountId', lacking('seq'))) {
    const links = await undos.collection.find({ accountId }).sort({ since: 1, _id: 1 }).toArray();
    let email = (await accounts.collection.findOne({ _id: accountId }))?.email;
    for (const [index, link] of [...links.entries()].reverse()) {
      email = link.email ?? email;
      if (email === undefined) await undos.collection.deleteOne({ _id: link._id });
      else await undos.collection.updateOne({ _id: link._id }, { $set: { email, seq: index + 1 } });
    }
  }
}

/** Recovery codes without a date get the age that the account’s events indicate. */
async function dateRecoveryCodes({ recoveryCodes, events }: Models): Promise<void> {
  const made = { $in: ['factor.added', 'factor.codes-renewed'] };
  for await (const { _id } of recoveryCodes.collection.find(lacking('createdAt'))) {
    const newest = await events.collection.findOne(
      { accountId: _id, action: made },
      { sort: { at: -1 } },
    );
    await recoveryCodes.collection.updateOne(
      { _id },
      { $set: { createdAt: newest?.at ?? new Date(0) } },
    );
  }
}

/** Before this version only the key identified the limit and which of its counts it was. */
async function nameCounts({ limits }: Models): Promise<void> {
  const before = (text: string, end: string) => ({ $arrayElemAt: [{ $split: [text, end] }, 0] });
  await limits.collection.updateMany(lacking('rule'), [
    { $set: { rule: before('$_id', ':'), scope: 'each' } },
  ]);
  const ends = { run: ' in a row', network: ' of one network', shares: ' within shares' };
  for (const [scope, end] of Object.entries(ends))
    await limits.collection.updateMany({ rule: new RegExp(`${end}$`) }, [
      { $set: { rule: before('$rule', end), scope } },
    ]);
}

/** Fills in missing values. It can be interrupted, and several processes may run it at the same time. */
export async function upgrade(models: Models, from: number): Promise<void> {
  for (const { version, fill } of steps) if (from < version) await fill(models);
}
