import { afterAll, it } from 'vitest';
import { attacks } from '../../attacks/all.ts';
import { Target } from '../../attacks/target.ts';
import { AttackSucceeded } from '../../attacks/verdict.ts';
import { mutate } from '../mutants/mutate.ts';
import { serverProcesses } from '../server-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { vulnerableBuilds } from './builds.ts';

/** What each case reported on its vulnerable build, printed at the end for `attacks/README.md`. */
const said: string[] = [];
const servers = serverProcesses();

for (const { what, edits, lets } of vulnerableBuilds) {
  it.concurrent(`${lets.join(', ')}: a server that ${what}`, async ({ expect }) => {
    const { root, remove } = await mutate(edits);
    const server = await servers.start({
      database: { kind: 'libsql', path: `${await temporaryDirectory()}/flowcept.db` },
      root,
    });
    try {
      const target = new Target(server.config.publicUrl);
      for (const id of lets) {
        const attack = attacks.find((one) => one.id === id);
        const error = await attack?.run(target).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(
          isCaught(error),
          `${id} said: ${error instanceof Error ? (error.stack ?? error.message) : 'nothing'}`,
        ).toBe(true);
        said.push(`| ${id} ${attack?.title} | ${what} | ${sentenceOf(error)} |`);
      }
    } finally {
      await server.kill('SIGKILL');
      await remove();
    }
  });
}

afterAll(() =>
  console.log(
    said.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).join('\n'),
  ),
);

/**
 * Without the bodies of answers and without characters that a terminal or a table would interpret.
 */
function sentenceOf(error: unknown): string {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(
    /\s*[{[]+"/,
  );
  return sentence
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .replaceAll(/[|<>]/g, '')
    .slice(0, 120);
}

/** A server that has crashed fails every case. */
function isCaught(error: unknown): boolean {
  return (
    error instanceof AttackSucceeded ||
    (error instanceof Error &&
      'code' in error &&
      ['ECONNREFUSED', 'ECONNRESET'].includes(String(error.code)))
  );
}
