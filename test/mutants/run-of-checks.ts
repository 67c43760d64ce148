import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { runFlowcept, type ServerProcess, urlOf } from '../server-process.ts';
import { goodPassword, type Visitor } from '../visitor.ts';

const within = 120_000;

export type Statuses = Record<string, string>;

/** Makes the operator of this deployment with the link that `flowcept claim` prints, as whoever runs it does. */
export async function claimOperator(server: ServerProcess, root: string): Promise<Visitor> {
  const { port, config } = server;
  const { stdout } = await runFlowcept(['claim', '--json'], root, { PORT: `${port}`, DATABASE_URL: urlOf(config.database) }, root);
  const { link }: { link: string } = JSON.parse(stdout);
  const operator = server.visitor();
  const { status } = await operator.post('/api/operators/claim', { token: link.split('#token=')[1], email: 'op@example.org', password: goodPassword, name: 'Op' });
  expect(status).toBe(201);
  return operator;
}

/** Has all checks made once more, and answers what each claim is then. */
export async function runChecks(operator: Visitor): Promise<Statuses> {
  const { ranAt: before } = (await operator.get('/api/trust')).body;
  expect((await operator.post('/api/trust/run')).status).toBe(202);
  for (const giveUpAt = Date.now() + within; Date.now() < giveUpAt; await wait(200)) {
    const { ranAt, claims } = (await operator.get('/api/trust')).body;
    if (ranAt !== null && (before === null || ranAt > before)) return Object.fromEntries(claims.map(({ id, status }: { id: string; status: string }) => [id, status]));
  }
  throw new Error(`The checks were not made within ${within} ms.`);
}
