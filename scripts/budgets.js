// Checks how much a browser may have to load, in bytes as sent: `node scripts/budgets.js
// DIRECTORY`. The build fails if it is more. It measures the files that scripts/compress.js made,
// with gzip, which the few browsers get that do not support brotli.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KB = 1024;
const directory = process.argv[2] ?? join('dist', 'public');
const manifest = JSON.parse(readFileSync(join(directory, '.vite', 'manifest.json'), 'utf8'));

/** The file itself if it is too small to have a compressed form. */
function weight(file, form = '.gz') {
  const path = join(directory, file);
  return statSync(existsSync(`${path}${form}`) ? `${path}${form}` : path).size;
}

function total(files) {
  return [...files].reduce((sum, file) => sum + weight(file), 0);
}

/** The chunks that a chunk needs before it can run. */
function loadedBy(key, seen = new Set()) {
  const { file, imports = [] } = manifest[key];
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const next of imports) loadedBy(next, seen);
  return seen;
}

const entry = loadedBy('index.html');
const routes = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);
const loose = readdirSync(directory).filter((name) => name.endsWith('.js'));

const weighed = [
  { what: 'the app before its first screen', bytes: total(entry), most: 165 * KB },
  {
    what: 'the one stylesheet, which pages for strangers load whole',
    bytes: total(manifest['index.html'].css ?? []),
    most: 12 * KB,
  },
  {
    what: 'scripts outside of the app, the only ones that pages for strangers could load',
    bytes: total(loose),
    most: 8 * KB,
  },
  ...routes.map((key) => ({
    what: key,
    bytes: total([...loadedBy(key)].filter((file) => !entry.has(file))),
    most: 30 * KB,
  })),
];

const over = weighed.filter(({ bytes, most }) => bytes > most);
for (const { what, bytes, most } of over)
  console.error(`Over budget: ${what}: ${(bytes / KB).toFixed(1)} KB of at most ${most / KB} KB`);
if (process.argv.includes('--all'))
  for (const { what, bytes, most } of weighed)
    console.log(`${(bytes / KB).toFixed(1).padStart(6)} of ${most / KB} KB  ${what}`);
process.exit(over.length === 0 ? 0 : 1);
