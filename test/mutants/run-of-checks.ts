import { setTimeout as wait } from 'node:timers/promises';
import type { Launch, Servers } from '../server-process.ts';
import type { Edit } from './edit.ts';
import { mutate } from './mutate.ts';

/**
 * The first run of all checks takes ten seconds on an idle machine, and minutes on a busy one or on
 * a slow MongoDB.
 */
const within = 480_000;

export type Statuses = Record<string, string>;

/**
 * The statuses on the page after a build with these edits has started with an empty database and
 * made its first run. Its server is stopped afterwards.
 */
export async function statusesOf(
  servers: Servers,
  launch: Launch,
  edits: readonly Edit[],
): Promise<Statuses> {
  const { root, remove } = await mutate(edits);
  const server = await servers.start({ ...launch, root });
  try {
    const reader = server.visitor();
    for (const giveUpAt = Date.now() + within; Date.now() < giveUpAt; await wait(200)) {
      const { ranAt, claims } = (await reader.get('/api/trust')).body;
      if (ranAt !== null)
        return Object.fromEntries(
          claims.map(({ id, status }: { id: string; status: string }) => [id, status]),
        );
    }
    throw new Error(
      `The checks were not made within ${within} ms.\n${server.lines().slice(-20).join('\n')}`,
    );
  } finally {
    await server.kill('SIGTERM');
    await remove();
  }
}

export function failing(statuses: Statuses): string[] {
  return Object.keys(statuses)
    .filter((claim) => statuses[claim] === 'failing')
    .sort();
}
