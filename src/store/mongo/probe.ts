import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { StoreUnavailable } from '../port/errors.ts';
import { translate } from './errors.ts';

/** What the database permits to strangers and to the application’s account. Each fact was tested. */
export interface MongoFacts {
  unauthenticatedRefused: boolean;
  wrongPasswordRefused: boolean;
  /** Of the application’s account, as `role@database`. Empty if it has none. */
  roles: string[];
  otherDatabaseRefused: boolean;
  createUserRefused: boolean;
  /** Whether the connection is encrypted. */
  tls: boolean;
  /** Atlas encrypts stored data; for any other host this is unknown. */
  encryptedHost: 'atlas' | 'other';
}

const timeoutMs = 5_000;
const limits = {
  serverSelectionTimeoutMS: 4_000,
  connectTimeoutMS: 4_000,
  socketTimeoutMS: 4_000,
  maxPoolSize: 1,
};

/**
 * Tests everything again on each call. @throws StoreUnavailable if the database does not respond, which is not a fact
 */
export async function mongoProbe(url: string): Promise<MongoFacts> {
  const { tls, srvHost, hosts } = new mongo.MongoClient(url, limits).options;
  // Despite its types, the driver leaves this undefined if the URL does not specify it.
  const encrypted = tls ?? false;
  const names = srvHost === undefined ? hosts.map(({ host }) => host ?? '') : [srvHost];
  return {
    unauthenticatedRefused: await isRefused(withCredentials(url, null), readSomething),
    wrongPasswordRefused: await isRefused(
      withCredentials(url, wrongCredentials(url)),
      readSomething,
    ),
    roles: await within(url, rolesOf),
    otherDatabaseRefused: await isRefused(url, writeElsewhere),
    createUserRefused: await isRefused(url, createUser),
    tls: encrypted,
    encryptedHost:
      encrypted && names.every((name) => name.endsWith('.mongodb.net')) ? 'atlas' : 'other',
  };
}

const credentialsIn = /^(mongodb(?:\+srv)?:\/\/)(?:([^@/]*)@)?/;

function withCredentials(url: string, credentials: string | null): string {
  return url.replace(
    credentialsIn,
    (_, scheme: string) => `${scheme}${credentials === null ? '' : `${credentials}@`}`,
  );
}

/** The account’s name with a random password. */
function wrongCredentials(url: string): string {
  const user = credentialsIn.exec(url)?.[2]?.split(':')[0] || 'flowcept';
  return `${user}:${randomBytes(16).toString('hex')}`;
}

type Try<Answer> = (client: mongo.MongoClient) => Promise<Answer>;

/** Whether the database refused for lack of authentication or permission. Any other failure is inconclusive. */
async function isRefused(url: string, attempt: Try<unknown>): Promise<boolean> {
  try {
    await within(url, attempt);
    return false;
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    if (cause instanceof mongo.MongoServerError && [13, 18, 8000].includes(Number(cause.code)))
      return true;
    throw error;
  }
}

async function within<Answer>(url: string, attempt: Try<Answer>): Promise<Answer> {
  const client = new mongo.MongoClient(url, limits);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StoreUnavailable(`The database took longer than ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([attempt(client), late]);
  } catch (error) {
    throw translate(error);
  } finally {
    clearTimeout(timer);
    await client.close(true);
  }
}

async function readSomething(client: mongo.MongoClient): Promise<void> {
  await client.db().collection('deployment').findOne();
}

async function rolesOf(client: mongo.MongoClient): Promise<string[]> {
  const { authInfo } = await client.db().command({ connectionStatus: 1 });
  const roles: { role: string; db: string }[] = authInfo.authenticatedUserRoles;
  return roles.map(({ role, db }) => `${role}@${db}`).sort();
}

function unusedName(): string {
  return `flowcept_probe_${randomBytes(6).toString('hex')}`;
}

async function writeElsewhere(client: mongo.MongoClient): Promise<void> {
  const elsewhere = client.db(unusedName());
  await elsewhere.collection('probe').insertOne({});
  await elsewhere.dropDatabase();
}

async function createUser(client: mongo.MongoClient): Promise<void> {
  const name = unusedName();
  await client.db().command({ createUser: name, pwd: randomBytes(24).toString('hex'), roles: [] });
  await client.db().command({ dropUser: name });
}
