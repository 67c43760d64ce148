import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { packageRoot } from '../package-root.ts';
import { filesBelow, servedFiles, type ServedFile } from './served-files.ts';

/** What was looked through for secrets. Nothing of a secret is in it: places, and kinds. */
export interface SecretScan {
  places: readonly { what: string; pieces: number; found: readonly string[] }[];
  /** Whether the same scanner found the secret that was planted for it. */
  sighted: boolean;
}

/** What secrets look like, whoever they belong to. */
const forms: readonly [kind: string, form: RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{64}/],
  ['a key of AWS', /\bAKIA[0-9A-Z]{16}\b/],
  ['a client secret of Google', /\bGOCSPX-[\w-]{28}/],
  ['a token of GitHub', /\bgh[opsu]_[A-Za-z0-9]{36}|\bgithub_pat_\w{60}/],
  ['a key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{24}/],
  ['a token of Slack', /\bxox[abpr]-[A-Za-z0-9-]{20}/],
  ['a keyring', /\b[\w-]{1,32}:[A-Za-z0-9+/]{43}=/],
  ['a connection string with a password', /\b(?:mongodb(?:\+srv)?|postgres(?:ql)?|mysql|redis|smtps?):\/\/[^\s:/@"'`${}]+:(?=[^\s@"'`]*\d)[^\s:/@"'`${}]{12,}@(?!localhost|127\.|[\w.-]*example\.)/],
];

/** Looks for what looks like a secret, and for these, in everything that is served, in what runs, and in the history where it is at hand. */
export async function scanForSecrets(own: readonly string[]): Promise<SecretScan> {
  const files = await servedFiles();
  const sent = files.filter(isSent).map(({ path }) => path);
  const running = files.filter((file) => !isSent(file)).map(({ path }) => path);
  const history = await textsOfHistory();
  return {
    places: [
      { what: 'files that browsers are sent', pieces: sent.length, found: await findIn(textsOf(sent), own) },
      { what: 'files of the code', pieces: running.length, found: await findIn(textsOf(running), own) },
      ...(history === null ? [] : [{ what: 'pieces of the history', pieces: history.length, found: await findIn(history, own) }]),
    ],
    sighted: await findsWhatIsPlanted(),
  };
}

const isSent = ({ name }: ServedFile): boolean => name.startsWith('dist/public/');

async function findIn(texts: AsyncIterable<string> | Iterable<string>, own: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for await (const text of texts) {
    for (const [kind, form] of forms) if (form.test(text)) found.add(kind);
    if (own.some((secret) => text.includes(secret))) found.add('a secret that this deployment lives by');
    await breathe();
  }
  return [...found];
}

async function* textsOf(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) yield await readFile(file, 'latin1');
}

/** A file with a secret of every form, and one of its own, must be caught for each. */
async function findsWhatIsPlanted(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'flowcept-planted-'));
  const letters = crypto.randomUUID().replaceAll('-', '').repeat(3);
  const planted = [
    `-----BEGIN ${'PRIVATE KEY'}-----\n${letters}\n`,
    `AKIA${letters.slice(0, 16).toUpperCase()} GOCSPX-${letters.slice(0, 28)} ghp_${letters.slice(0, 36)} sk_live_${letters.slice(0, 24)} xoxb-${letters.slice(0, 24)}`,
    `k1:${letters.slice(0, 43)}= mongodb+srv://app:${letters.slice(0, 20)}1@cluster0.abcde.mongodb.net/app`,
    `own=${letters.slice(40, 70)}`,
  ];
  await writeFile(join(directory, 'planted.js'), planted.join('\n'));
  const found = await findIn(textsOf(await filesBelow(directory)), [letters.slice(40, 70)]);
  await rm(directory, { recursive: true });
  return found.length === forms.length + 1;
}

const pieceLength = 1024 * 1024;
const overlap = 4 * 1024;
const patience = 15_000;

/** Everything that was ever added, on any branch, in pieces; `null` where there is no history, or nothing that reads it. */
async function textsOfHistory(): Promise<string[] | null> {
  if (!existsSync(join(packageRoot, '.git'))) return null;
  const pieces: string[] = [];
  let text = '';
  const git = spawn('git', ['-C', packageRoot, 'log', '--all', '--patch', '--unified=0', '--no-color', '--no-ext-diff', '--no-textconv'], { stdio: ['ignore', 'pipe', 'ignore'], timeout: patience });
  const ended = new Promise<number | null>((resolve) => {
    git.once('error', () => resolve(null));
    git.once('close', resolve);
  });
  for await (const chunk of git.stdout) {
    text += Buffer.from(chunk).toString('latin1');
    if (text.length < pieceLength) continue;
    pieces.push(text);
    text = text.slice(-overlap);
  }
  pieces.push(text);
  return (await ended) === 0 ? pieces : null;
}
