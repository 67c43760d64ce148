import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Servers, type Variables } from './server-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const email = 'ada@example.org';

/**
 * The folder of an embedded database with an account and a journal left behind, as after a crash.
 */
export async function killedDeployment(
  servers: Servers,
  variables: Variables = {},
): Promise<string> {
  const folder = await temporaryDirectory();
  const server = await servers.start({
    database: { kind: 'libsql', path: join(folder, 'flowcept.db') },
    variables,
  });
  await server.visitor().join(email);
  await server.kill('SIGKILL');
  return folder;
}

/** A copy that a test can damage. */
export async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryDirectory();
  await cp(folder, copy, { recursive: true });
  return copy;
}
