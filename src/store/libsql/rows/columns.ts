/** Columns in the order in which rows are read and values are bound. */
const columns = {
  accounts: [
    'id',
    'email',
    'name',
    'password_hash',
    'operator',
    'created_at',
    'domain',
    'name_key',
    'restoring',
  ],
  sign_ups: [
    'id',
    'email',
    'name',
    'password_hash',
    'challenge_id',
    'created_at',
    'expires_at',
    'domain',
  ],
  challenges: [
    'id',
    'purpose',
    'email',
    'subject_id',
    'code_hash',
    'attempts_left',
    'sent_at',
    'expires_at',
    'ended_at',
    'domain',
  ],
  sessions: [
    'id',
    'token_hash',
    'account_id',
    'method',
    'device',
    'address',
    'idle',
    'created_at',
    'last_used_at',
    'expires_at',
    'confirmed_at',
    'device_first_used_at',
  ],
  identities: ['provider', 'issuer', 'subject', 'account_id', 'email', 'connected_at'],
  flows: ['state_hash', 'provider', 'purpose', 'account_id', 'return_path', 'expires_at'],
  events: ['id', 'at', 'action', 'account_id', 'actor_id', 'target', 'address', 'device'],
  factors: [
    'id',
    'account_id',
    'type',
    'name',
    'secret',
    'credential_id',
    'public_key',
    'transports',
    'counter',
    'confirmed_at',
    'created_at',
    'last_used_at',
    'uv_initialized',
  ],
  pending_sign_ins: [
    'id',
    'account_id',
    'method',
    'stay',
    'proven_hash',
    'expires_at',
    'proven_subject',
    'proven_issuer',
  ],
  factor_recoveries: ['account_id', 'opens_at', 'closes_at', 'used_at', 'stopped_at'],
  ceremonies: ['challenge_hash', 'purpose', 'subject_id', 'expires_at'],
  mails: [
    'id',
    'recipient',
    'content',
    'challenge_id',
    'state',
    'tries',
    'created_at',
    'due_at',
    'expires_at',
    'last_error',
    'domain',
  ],
  links: ['seq', 'at', 'checkpoint', 'jws'],
} as const;

export type Table = keyof typeof columns;

export const columnsOf = (table: Table): string =>
  columns[table].map((column) => `${table}.${column}`).join(', ');

export const insertInto = (table: Table): string =>
  `INSERT INTO ${table} (${columns[table].join(', ')}) VALUES (${columns[table].map(() => '?').join(', ')})`;

/** No address has this domain, so excluding it excludes nothing. */
export const noDomain = '';
