/**
 * Tables whose rows belong to one account, by `account_id`. Erasing an account empties them all. Events are not among
 * them.
 */
export const tablesOfAccount = [
  'sessions',
  'devices',
  'identities',
  'flows',
  'undos',
  'closings',
  'factors',
  'recovery_codes',
  'pending_sign_ins',
  'factor_recoveries',
] as const;
