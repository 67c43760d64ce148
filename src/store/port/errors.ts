/** The database did not answer, or refused for reasons that pass (busy, full, failing over). */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The database answers, but must not be used: unknown schema, wrong key, refused credentials. Ends the start. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** The principal of a write lost the right to it: nothing was written. */
export class AuthorityLost extends Error {
  override readonly name = 'AuthorityLost';
}
