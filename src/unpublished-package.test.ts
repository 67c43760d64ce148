import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployed } from '../test/deployment.ts';
import { onLibsql } from '../test/on-both-stores.ts';
import { packageRoot } from './package-root.ts';
import { problems } from './problems.ts';
import { claims } from './trust/claims/claims.ts';

/**
 * Commands that install a package from the registry. The name `flowcept` is not registered there, so an attacker could
 * register it and run code on every machine where a reader enters such a command.
 */
const fromRegistry =
  /\b(?:npx|bunx|(?:npm|pnpm|yarn|bun) (?:x|exec|dlx|create|add|i|install)(?: -\S+)*)(?: -\S+)* ["']?(?:@[\w-]+\/)?flowcept\b/i;
/** A command line that starts with the bare name runs whatever is installed under that name. */
const bareCommand = /(?:^|[`>“]|: )flowcept (?:verify|claim|drill|doctor|migrate|serve)\b/m;

const folders = ['src', 'web', 'bin', 'docs', 'scripts', 'attacks'];
const texts = [...folders.flatMap(filesBelow), 'README.md', 'SECURITY.md', 'package.json'].filter(
  (file) => /\.(?:tsx?|js|json|md|html|css)$/.test(file) && !/\.test\.tsx?$/.test(file),
);

test('no source, guide or text tells users to run an unpublished package', () => {
  expect(texts.length).toBeGreaterThan(300);
  const printed = texts.flatMap((file) =>
    linesOf(file)
      .filter(({ line }) => fromRegistry.test(line))
      .map(({ line, at }) => `${file}:${at} ${line.trim().slice(0, 120)}`),
  );
  expect(printed).toEqual([]);
});

test('guides and messages print the command of the checkout', () => {
  const isRead = (file: string) =>
    file.endsWith('.md') || file.startsWith('web') || file.startsWith(join('src', 'cli'));
  const printed = texts.filter(isRead).flatMap((file) =>
    linesOf(file)
      .filter(({ line }) => bareCommand.test(line) && !line.trim().startsWith('*'))
      .map(({ line, at }) => `${file}:${at} ${line.trim().slice(0, 120)}`),
  );
  expect(printed).toEqual([]);
});

onLibsql('the public pages', (database) => {
  const deployment = deployed(database, { PORT: '1' });

  test('print the command of the checkout, and no package from a registry', async () => {
    const pages = [
      '/',
      '/security',
      ...Object.keys(claims).map((id) => `/security/claims/${id}`),
      '/docs',
      '/openapi.json',
      '/problems',
      ...Object.keys(problems).map((name) => `/problems/${name}`),
      '/.well-known/security.txt',
      '/api/trust',
      '/nowhere',
    ];
    const visitor = deployment().visitor();
    const read = await Promise.all(
      pages.map(async (path) => ({ path, text: JSON.stringify((await visitor.get(path)).body) })),
    );
    expect(
      read
        .filter(({ text }) => fromRegistry.test(text) || /\bnpx\b/.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
    const text = (path: string) => read.find((one) => one.path === path)?.text ?? '';
    expect(text('/')).toContain('node bin/flowcept.js claim');
    expect(text('/security')).toContain(
      `node bin/flowcept.js verify ${deployment().config.origin}`,
    );
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot.length + 1));
}

function linesOf(file: string): { line: string; at: number }[] {
  return readFileSync(join(packageRoot, file), 'utf8')
    .split('\n')
    .map((line, at) => ({ line, at: at + 1 }));
}
