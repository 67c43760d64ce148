/** The database did not answer, or failed for a temporary reason (busy, full, failing over). */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * The database answers but must not be used: unknown schema, wrong key, rejected credentials. The server does not
 * start.
 */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** The principal of a write no longer has the right to it. Nothing was written. */
export class AuthorityLost extends Error {
  override readonly name = 'AuthorityLost';
}
