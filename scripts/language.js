// Finds terms that docs/glossary.md has retired, in comments, texts, documents and names. `language.json` lists them:
// `prose` and `names` are patterns (of a name, its words in lower case), `use` says what to write instead, `allow` where
// a word means something else, and `remaining` how many findings are still to be corrected, which may only go down.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import jsTokens from 'js-tokens';

const root = resolve(import.meta.dirname, '..');
const list = join(root, 'scripts', 'language.json');
const { ignore, terms } = JSON.parse(readFileSync(list, 'utf8'));
const folders = ['src', 'web', 'docs', 'test', 'attacks', 'faults', 'scripts', 'bench', 'bin'];
const { values: options } = parseArgs({
  options: { report: { type: 'boolean' }, lower: { type: 'boolean' }, term: { type: 'string' } },
});

/** Paths, addresses and URLs follow from names. */
const notProse = /\]\([^)\s]*\)|\bhttps?:\S+|[\w.+%-]+@[\w-]|(?<![\w<])[\w.@:-]*\/[\w./:-]+/g;
const blank = (text) => text.replace(/[^\n]/g, ' ');
const namesIn = new Set(['IdentifierName', 'PrivateIdentifier', 'JSXIdentifier']);
const proseIn =
  /^(SingleLineComment|MultiLineComment|StringLiteral|NoSubstitutionTemplate|Template\w+|JSXText|JSXString)$/;

function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: folder !== '.', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter(
      (file) => !file.includes('node_modules/') && !ignore.some(({ file: of }) => of === file),
    );
}

/** The prose of a file, with everything else blanked, and the names that it uses. */
function read(file, text) {
  if (file.endsWith('.md')) return { prose: text, names: [] };
  if (file.endsWith('.css'))
    return { prose: text.replace(/(\/\*[^]*?\*\/)|[^\n]/g, (one, said) => said ?? ' '), names: [] };
  let prose = '';
  let at = 0;
  const names = [];
  for (const { type, value } of jsTokens(text, { jsx: file.endsWith('x') })) {
    if (namesIn.has(type)) names.push({ at, words: wordsOf(value) });
    prose += proseIn.test(type) ? value.replace(/^\s*\*/gm, blank) : blank(value);
    at += value.length;
  }
  return { prose, names };
}

function wordsOf(name) {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase();
}

const patternOf = (source) => new RegExp(`\\b(?:${source.replaceAll(' ', '\\s+')})\\b`, 'gi');

function findingsOf({ prose, names, allow = [] }, file, said) {
  if (allow.some((one) => one.file && new RegExp(one.file).test(file))) return [];
  const spoken = prose ? [...said.prose.matchAll(patternOf(prose))].map(({ index }) => index) : [];
  const name = names && new RegExp(names);
  const named = name ? said.names.filter(({ words }) => name.test(words)).map(({ at }) => at) : [];
  const allowed = allow.filter(({ text }) => text).map(({ text }) => new RegExp(text, 'i'));
  return [...spoken, ...named]
    .map((at) => ({ file, line: said.lineOf(at) }))
    .filter(({ line }) => !allowed.some((text) => text.test(said.lines[line - 1])));
}

function withLines(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const { prose, names } = read(file, text);
  const lines = text.split('\n');
  const lineOf = (at) => prose.slice(0, at).split('\n').length;
  return { prose: prose.replace(notProse, blank), names, lines, lineOf };
}

const sources = [...folders.flatMap(filesOf), ...filesOf('.')].filter((file) =>
  /\.(?:[jt]sx?|css|md)$/.test(file),
);
const found = new Map(terms.map(({ term }) => [term, []]));
for (const file of sources) {
  const said = withLines(file);
  for (const term of terms) found.get(term.term).push(...findingsOf(term, file, said));
}

const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '.');
const show = ({ file, line }) => `  ${file}:${line}`;

for (const { term, use, remaining = 0 } of terms) {
  const findings = found.get(term);
  if (options.report && findings.length > 0) {
    const inFolder = (folder) => findings.filter(({ file }) => folderOf(file) === folder).length;
    const used = [...folders, '.'].filter((folder) => inFolder(folder) > 0);
    const shares = used.map((folder) => `${folder} ${inFolder(folder)}`);
    console.log(`${term}: ${findings.length} (${shares.join(', ')})`);
  }
  if (options.term === term) console.log(findings.map(show).join('\n'));
  if (findings.length <= remaining) continue;
  console.error(`“${term}” → ${use}. ${findings.length} found, ${remaining} expected:`);
  console.error(findings.map(show).join('\n'));
  process.exitCode = 1;
}

if (options.lower) {
  const lowered = terms.map(({ remaining = 0, ...term }) => {
    const left = Math.min(remaining, found.get(term.term).length);
    return left === 0 ? term : { ...term, remaining: left };
  });
  writeFileSync(list, `${JSON.stringify({ ignore, terms: lowered }, null, 2)}\n`);
}
