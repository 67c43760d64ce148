// Bundles the server into `dist/server`: our source and what it uses of packages, in chunks that
// are loaded on demand.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Native modules and the drivers of the two stores: loaded from `node_modules` by the process that
 * uses them.
 */
const external = [/^libsql$/, /^@node-rs\/bcrypt$/, /^mongoose$/];
const entries = {
  main: 'src/cli/main.ts',
  'security-source': 'src/trust/claims/security-source.ts',
};
const checks = 'src/trust/checks/';

/**
 * @param {object} options
 * @param {string} options.root the checkout
 * @param {string} options.outDir where the bundle is written, and nothing else may lie
 * @param {Record<string, string>} [options.input] the file of each entry, if not those of the server
 * @param {(file: string, source: string) => string} [options.edit] changes a source before it is bundled; `file` is relative to `root`, with slashes
 */
export async function bundleServer({
  root,
  outDir,
  input = entries,
  edit = (_file, source) => source,
}) {
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external,
    treeshake: { moduleSideEffects: (id) => !isOurs(root, id) },
    transform: { target: 'node20.19', define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [ownSources(root, edit)],
  });
  try {
    await bundle.write({
      dir: outDir,
      cleanDir: true,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    });
  } finally {
    await bundle.close();
  }
}

const isOurs = (root, id) => id.startsWith(root + sep) && !id.includes(`${sep}node_modules${sep}`);

/**
 * Passes every file to `edit`, and writes the digest of each check’s source to
 * `check-digests.json`.
 */
function ownSources(root, edit) {
  const sources = new Map();
  return {
    name: 'own-sources',
    load(id) {
      if (!isOurs(root, id)) return null;
      const file = relative(root, id).replaceAll(sep, '/');
      const source = edit(file, readFileSync(id, 'utf8'));
      sources.set(id, { file, source });
      return source;
    },
    generateBundle() {
      const usedBy = (id, used = new Set()) => {
        if (used.has(id) || !sources.has(id)) return used;
        used.add(id);
        for (const next of this.getModuleInfo(id)?.importedIds ?? []) usedBy(next, used);
        return used;
      };
      const digestOf = (id) => {
        const digest = createHash('sha256');
        for (const used of usedBy(id)) digest.update(sources.get(used).source);
        return digest.digest('hex');
      };
      const digests = [...sources]
        .filter(([, { file }]) => file.startsWith(checks))
        .map(([id, { file }]) => [basename(file, '.ts'), digestOf(id)])
        .sort(([one], [other]) => (one < other ? -1 : 1));
      this.emitFile({
        type: 'asset',
        fileName: 'check-digests.json',
        source: JSON.stringify(Object.fromEntries(digests), null, 2),
      });
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, '..');
  await bundleServer({ root, outDir: join(root, 'dist', 'server') });
}
