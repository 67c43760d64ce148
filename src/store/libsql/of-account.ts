/** Tables whose rows belong to one account, by `account_id`: whatever erases an account empties them all. What is recorded of it is not among them. */
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
