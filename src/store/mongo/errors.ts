import { mongo, MongooseError } from 'mongoose';
import { StoreUnavailable, StoreUnusable } from '../port/errors.ts';

/** MongoDB error codes of temporary failures, and of those that an administrator can fix while the server runs. */
const passing = new Set([
  6,
  7,
  89,
  9001,
  202,
  262,
  50,
  290, // host unreachable, host not found, timeouts, time limits
  91,
  189,
  10107,
  13435,
  13436,
  10058,
  11600,
  11602,
  133,
  134, // not primary, shutting down, failing over
  24,
  46,
  112,
  225,
  251,
  365, // locked, write conflict, transaction gone, busy
  64,
  79,
  100, // write concern not reached
  13,
  18,
  391, // authorization removed while running
  8000,
  12501,
  14031,
  146, // rejected by Atlas, quota, disk full, memory
  1, // unspecified internal error
]);

/** Driver errors with the same meaning that are not subclasses of network errors. */
const passingNames = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoWriteConcernError',
  'MongoOperationTimeoutError',
  'MongoWaitQueueTimeoutError',
  'WaitQueueTimeoutError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoPoolClosedError',
  'MongoExpiredSessionError',
  'MongoSystemError',
]);

const passingLabels = [
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableWriteError',
  'RetryableError',
];

export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11000;
}

function isRefused(error: unknown): boolean {
  if (!(error instanceof mongo.MongoServerError)) return false;
  // Atlas uses 8000 for this and for other errors.
  return (
    error.code === 13 || error.code === 18 || (error.code === 8000 && /auth/i.test(error.message))
  );
}

function passes(error: unknown): boolean {
  if (error instanceof mongo.MongoNetworkError) return true;
  if (error instanceof mongo.MongoServerError && passing.has(Number(error.code))) return true;
  if (
    error instanceof mongo.MongoError &&
    passingLabels.some((label) => error.hasErrorLabel(label))
  )
    return true;
  return error instanceof Error && (passingNames.has(error.name) || isOfTheNetwork(error));
}

/** Socket and name resolution errors that the driver passes on. */
function isOfTheNetwork(error: Error): boolean {
  return (
    'syscall' in error ||
    ('code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET'))
  );
}

/**
 * The only place that translates driver errors into the port’s. An error that does not mean an unavailable database is
 * a bug, and is passed on unchanged.
 */
export function translate(error: unknown): unknown {
  if (error instanceof StoreUnavailable || error instanceof StoreUnusable) return error;
  return passes(error)
    ? new StoreUnavailable('The database did not answer.', { cause: error })
    : error;
}

/** Errors while preparing. One that an administrator must fix ends the start. */
export function translateAtStart(error: unknown): unknown {
  if (isRefused(error)) {
    return new StoreUnusable(
      'MongoDB refuses the credentials in DATABASE_URL, or they may not read and write its database.',
    );
  }
  if (error instanceof mongo.MongoServerError && [67, 85, 86, 11000].includes(Number(error.code))) {
    return new StoreUnusable(
      'The MongoDB database contains collections or indexes that don’t belong to this version of Flowcept.',
      { cause: error },
    );
  }
  return translate(error);
}

/** Errors while connecting. */
export function translateAtOpening(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnusable || passes(error))
    return translateAtStart(error);
  // By name, because the driver’s URL parser has a `MongoParseError` of its own.
  const badAddress =
    error instanceof mongo.MongoAPIError ||
    error instanceof MongooseError ||
    error.name === 'MongoParseError';
  // Without the cause, which may contain the URL and so the password.
  return badAddress
    ? new StoreUnusable('DATABASE_URL is not an address that MongoDB understands.')
    : translateAtStart(error);
}

/**
 * Maximum wait of a caller, in milliseconds. The driver’s own limits (see `open.ts`) can add up to more over its
 * retries.
 */
const timeoutMs = 4_000;

/** Resolves with the result of `action` within four seconds, or rejects with one of the port’s errors. */
export async function withinTimeout<Answer>(
  action: () => Promise<Answer>,
  toPortError: (error: unknown) => unknown = translate,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StoreUnavailable(`The database took longer than ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([action(), late]);
  } catch (error) {
    throw toPortError(error);
  } finally {
    clearTimeout(timer);
  }
}

type Method = (...input: never[]) => Promise<unknown>;

/** Wraps methods so that they settle within four seconds and reject only with the port’s errors. */
export function guarded<Methods extends { [Name in keyof Methods]: Method }>(
  methods: Methods,
): Methods {
  const bounded = Object.entries<Method>(methods).map(([name, method]) => [
    name,
    (...input: never[]) => withinTimeout(() => method(...input)),
  ]);
  // The names and signatures are the same.
  return Object.fromEntries(bounded) as Methods;
}
