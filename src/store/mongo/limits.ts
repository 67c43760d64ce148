import type { PipelineStage } from 'mongoose';
import type { SecurityEvent } from '../../records.ts';
import { StoreUnavailable } from '../port/errors.ts';
import type { Counted, LimitRule, LimitUse, LimitStore } from '../port/limits.ts';
import { documentVersion } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { recordEvent } from './events.ts';
import { after, moreThan } from './filters.ts';
import type { Models } from './models.ts';
import { transaction } from './transaction.ts';

const tries = 5;
const maxListed = 500;
const longAgo = new Date(0);

/** Whether the key is fresh, computed by MongoDB in the operation that counts. */
function fresh({ window, waits }: LimitRule, now: Date): object {
  // `$max` ignores missing values and null: a key that was not blocked has been quiet since its latest attempt.
  const quietSince = waits ? { $max: ['$takenAt', '$shutUntil'] } : '$takenAt';
  return {
    $or: [
      { $lte: [{ $ifNull: ['$used', 0] }, 0] },
      { $lte: [{ $add: [quietSince, window] }, now] },
    ],
  };
}

function takenWithWaits(
  rule: LimitRule,
  waits: readonly number[],
  now: Date,
): PipelineStage.Set['$set'][] {
  const number = { $subtract: ['$used', rule.limit] };
  const shutFor = { $arrayElemAt: [[...waits], { $min: [number, waits.length - 1] }] };
  const exhausts = { $cond: [{ $gte: ['$used', rule.limit] }, { $add: [now, shutFor] }, null] };
  return [
    { allowed: { $lte: [{ $ifNull: ['$shutUntil', longAgo] }, now] } },
    {
      used: { $cond: ['$allowed', { $add: ['$used', 1] }, '$used'] },
      takenAt: { $cond: ['$allowed', now, '$takenAt'] },
    },
    { shutUntil: { $cond: ['$allowed', exhausts, '$shutUntil'] } },
    { expiresAt: { $add: [{ $max: ['$takenAt', '$shutUntil'] }, rule.window] } },
  ];
}

function takenFromWindow({ limit, window }: LimitRule, now: Date): PipelineStage.Set['$set'][] {
  return [
    {
      allowed: { $lt: ['$used', limit] },
      takenAt: { $cond: [{ $eq: ['$used', 0] }, now, '$takenAt'] },
    },
    {
      used: { $cond: ['$allowed', { $add: ['$used', 1] }, '$used'] },
      expiresAt: { $add: ['$takenAt', window] },
    },
    { shutUntil: { $cond: [{ $gte: ['$used', limit] }, '$expiresAt', null] } },
  ];
}

function pipeline(
  limit: LimitRule,
  now: Date,
  { rule, scope, subject }: Counted,
): PipelineStage.Set[] {
  const isFresh = fresh(limit, now);
  const start = {
    v: documentVersion,
    rule: { $literal: rule },
    scope: { $literal: scope },
    subject: { $literal: subject },
    used: { $cond: [isFresh, 0, '$used'] },
    shutUntil: { $cond: [isFresh, null, '$shutUntil'] },
    takenAt: { $ifNull: ['$takenAt', now] },
  };
  const taken = limit.waits ? takenWithWaits(limit, limit.waits, now) : takenFromWindow(limit, now);
  return [start, ...taken].map(($set) => ({ $set }));
}

/**
 * Inserts a fresh key with a count of zero. Separate from counting, because an upsert that conflicts with another may
 * count without returning a result.
 */
async function insertKey(
  { limits }: Models,
  key: string,
  { window }: LimitRule,
  now: Date,
  { rule, scope, subject }: Counted,
): Promise<void> {
  const untouched = {
    used: 0,
    takenAt: now,
    shutUntil: null,
    rule,
    scope,
    subject,
    allowed: false,
    expiresAt: new Date(now.getTime() + window),
  };
  try {
    await limits.create([{ _id: key, v: documentVersion, ...untouched }]);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/**
 * One operation computes, decides and counts. No result means that the key does not exist yet, never that the attempt
 * is allowed.
 */
async function consumeLimit(
  models: Models,
  ...[key, rule, now, counted]: Parameters<LimitStore['consumeLimit']>
): Promise<LimitUse> {
  const stages = pipeline(rule, now, counted);
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const taken = await models.limits
      .findOneAndUpdate({ _id: key }, stages, { returnDocument: 'after', updatePipeline: true })
      .lean();
    if (taken?.allowed) return { allowed: true, exhausts: taken.shutUntil !== null };
    if (taken) return { allowed: false, retryAt: taken.shutUntil ?? taken.expiresAt };
    await insertKey(models, key, rule, now, counted);
  }
  throw new StoreUnavailable('The database keeps no key for a limit.');
}

function clearLimit(
  models: Models,
  { key, event }: { key: string; event: SecurityEvent },
): Promise<boolean> {
  return transaction(models, key, async (session) => {
    const { deletedCount } = await models.limits.deleteOne(
      { _id: key, used: moreThan(0) },
      { session },
    );
    if (deletedCount === 0) return false;
    await recordEvent(models, event, session);
    return true;
  });
}

export function limitsSection(models: Models): LimitStore {
  const { limits } = models;
  return {
    consumeLimit: (...input) => consumeLimit(models, ...input),
    async refundLimit(key) {
      const refund = { used: { $max: [0, { $subtract: ['$used', 1] }] }, shutUntil: null };
      await limits.updateOne({ _id: key }, [{ $set: refund }], { updatePipeline: true });
    },
    async resetLimit(key) {
      await limits.deleteOne({ _id: key });
    },
    async exhaustedLimits(now) {
      const exhausted = await limits
        .find({ shutUntil: after(now) }, null, {
          sort: { shutUntil: -1, _id: 1 },
          limit: maxListed,
        })
        .lean();
      return exhausted.flatMap(({ _id, rule, scope, subject, shutUntil }) =>
        shutUntil ? [{ key: _id, rule, scope, subject, until: shutUntil }] : [],
      );
    },
    clearLimit: (input) => clearLimit(models, input),
  };
}
