import type { StoppingFactorUse } from '../port/factors.ts';
import { factorRecoverySteps } from './factor-recoveries.ts';
import type { Connection } from './transaction.ts';

/** Must be called inside the transaction of what a factor permits, or of what removes it. */
export interface FactorSteps {
  /**
   * Uses a factor, and stops the recovery of lost factors. False if this use was made before, or the factor does not
   * exist.
   */
  spend(accountId: string, use: StoppingFactorUse, now: Date): boolean;
  /** Removes unconfirmed factors and those confirmed at or after `since`, in milliseconds. */
  removeSince(accountId: string, since: number): void;
  /** Removes recovery codes created at or after `since`, in milliseconds. */
  removeCodesSince(accountId: string, since: number): void;
  removeCodesOfNone(accountId: string): void;
  /** Whether the account has a confirmed factor. */
  hasFactor(accountId: string): boolean;
}

export function factorSteps(db: Connection): FactorSteps {
  const { stop } = factorRecoverySteps(db);
  const count = db.statement(`
    UPDATE factors SET counter = ?1, last_used_at = ?2, uv_initialized = max(uv_initialized, ?5)
    WHERE id = ?3 AND account_id = ?4 AND confirmed_at IS NOT NULL AND (counter < ?1 OR (counter = 0 AND ?1 = 0))`);
  const takeCode = db.statement(
    'DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?',
  );
  const removeLater = db.statement(
    'DELETE FROM factors WHERE account_id = ? AND (confirmed_at >= ? OR confirmed_at IS NULL)',
  );
  const removeLaterCodes = db.statement(
    'DELETE FROM recovery_codes WHERE account_id = ? AND created_at >= ?',
  );
  const removeCodes = db.statement(`
    DELETE FROM recovery_codes WHERE account_id = ?1
    AND NOT EXISTS (SELECT 1 FROM factors WHERE account_id = ?1 AND confirmed_at IS NOT NULL)`);
  const any = db.statement<[number]>(
    'SELECT 1 FROM factors WHERE account_id = ? AND confirmed_at IS NOT NULL LIMIT 1',
  );
  const removeCodesOfNone = (accountId: string) => void removeCodes.run(accountId);
  return {
    spend(accountId, use, now) {
      const used =
        use.kind === 'factor'
          ? count.run(
              use.counter,
              now.getTime(),
              use.factorId,
              accountId,
              Number(use.initializesUv),
            )
          : takeCode.run(accountId, use.codeHash);
      if (used === 1) stop(use.stopping);
      return used === 1;
    },
    removeSince(accountId, since) {
      removeLater.run(accountId, since);
      removeCodesOfNone(accountId);
    },
    removeCodesSince: (accountId, since) => void removeLaterCodes.run(accountId, since),
    removeCodesOfNone,
    hasFactor: (accountId) => any.get(accountId) !== undefined,
  };
}
