import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { packageRoot } from '../../package-root.ts';
import { filesBelow, servedFiles, type ServedFile } from '../claims/served-files.ts';

/** Result of a scan for secrets. It contains places and kinds, never a secret or part of one. */
export interface SecretScan {
  places: readonly { what: string; pieces: number; found: readonly string[] }[];
  /** Whether the same scanner found the secrets that were planted as a test. */
  sighted: boolean;
}

/** Patterns of secrets of any origin. */
const forms: readonly [kind: string, form: RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{64}/],
  ['an AWS access key', /\bAKIA[0-9A-Z]{16}\b/],
  ['a Google client secret', /\bGOCSPX-[\w-]{28}/],
  ['a GitHub token', /\bgh[opsu]_[A-Za-z0-9]{36}|\bgithub_pat_\w{60}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{24}/],
  ['a Slack token', /\bxox[abpr]-[A-Za-z0-9-]{20}/],
  ['a keyring', /\b[\w-]{1,32}:[A-Za-z0-9+/]{43}=/],
  [
    'a connection string with a password',
    /\b(?:mongodb(?:\+srv)?|postgres(?:ql)?|mysql|redis|smtps?):\/\/[^\s:/@"'`${}]+:(?=[^\s@"'`]*\d)[^\s:/@"'`${}]{12,}@(?!localhost|127\.|[\w.-]*example\.)/,
  ],
];

/**
 * Searches everything that is served or runs, and the git history if available, for patterns of secrets and for these
 * secrets.
 */
export async function scanForSecrets(own: readonly string[]): Promise<SecretScan> {
  const files = await servedFiles();
  const sent = files.filter(isSent).map(({ path }) => path);
  const running = files.filter((file) => !isSent(file)).map(({ path }) => path);
  const history = await searchHistory(own);
  return {
    places: [
      {
        what: 'files sent to browsers',
        pieces: sent.length,
        found: await searchFiles(sent, own),
      },
      { what: 'code files', pieces: running.length, found: await searchFiles(running, own) },
      ...(history === null ? [] : [{ what: 'parts of the history', ...history }]),
    ],
    sighted: await findsWhatIsPlanted(),
  };
}

const isSent = ({ name }: ServedFile): boolean => name.startsWith('dist/public/');

async function searchFiles(files: readonly string[], own: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const file of files)
    for await (const piece of piecesOf(createReadStream(file)))
      for (const kind of kindsIn(piece, own)) found.add(kind);
  return [...found];
}

function kindsIn(text: string, own: readonly string[]): string[] {
  const kinds = forms.filter(([, form]) => form.test(text)).map(([kind]) => kind);
  return own.some((secret) => text.includes(secret))
    ? [...kinds, 'a secret of this deployment']
    : kinds;
}

const pieceLength = 1024 * 1024;
/** Overlap of two chunks, longer than any secret, so that none is missed at a boundary. */
const overlap = 4 * 1024;

/**
 * Reads in chunks of about a megabyte and yields to other work in between, so that a run does not need the memory of
 * everything it reads.
 */
async function* piecesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString('latin1');
    if (text.length < pieceLength) continue;
    yield text;
    text = text.slice(-overlap);
    await breathe();
  }
  yield text;
}

/** Scans a file with a secret of every pattern and one of the deployment’s own. Each must be found. */
async function findsWhatIsPlanted(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'flowcept-planted-'));
  const letters = crypto.randomUUID().replaceAll('-', '').repeat(3);
  const planted = [
    // oxlint-disable-next-line typescript/no-unnecessary-template-expression -- so that scanners of the source do not find it here
    `-----BEGIN ${'PRIVATE KEY'}-----\n${letters}\n`,
    `AKIA${letters.slice(0, 16).toUpperCase()} GOCSPX-${letters.slice(0, 28)} ghp_${letters.slice(0, 36)} sk_live_${letters.slice(0, 24)} xoxb-${letters.slice(0, 24)}`,
    `k1:${letters.slice(0, 43)}= mongodb+srv://app:${letters.slice(0, 20)}1@cluster0.abcde.mongodb.net/app`,
    `own=${letters.slice(40, 70)}`,
  ];
  await writeFile(join(directory, 'planted.js'), planted.join('\n'));
  const found = await searchFiles(await filesBelow(directory), [letters.slice(40, 70)]);
  await rm(directory, { recursive: true });
  return found.length === forms.length + 1;
}

const timeoutMs = 15_000;

/** Searches everything that was ever added on any branch; `null` without git or a history. */
async function searchHistory(
  own: readonly string[],
): Promise<{ pieces: number; found: string[] } | null> {
  if (!existsSync(join(packageRoot, '.git'))) return null;
  const git = spawn(
    'git',
    [
      '-C',
      packageRoot,
      'log',
      '--all',
      '--patch',
      '--unified=0',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs },
  );
  const ended = new Promise<number | null>((resolve) => {
    git.once('error', () => resolve(null));
    git.once('close', resolve);
  });
  const found = new Set<string>();
  let pieces = 0;
  for await (const piece of piecesOf(git.stdout)) {
    for (const kind of kindsIn(piece, own)) found.add(kind);
    pieces += 1;
  }
  return (await ended) === 0 ? { pieces, found: [...found] } : null;
}
