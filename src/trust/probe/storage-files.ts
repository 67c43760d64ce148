import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';

/** One file of the embedded database, as an attacker who stole it sees it. */
export interface StorageFile {
  /** What follows the database’s file name: nothing, `-wal`, `-shm` or `.key`. */
  readonly suffix: string;
  readonly bytes: number;
  /** Its first sixteen bytes, one character each. */
  readonly head: string;
  /** The searched words that the file contains. */
  readonly found: readonly string[];
  /** Whether the search found a sample of the file’s own bytes, which shows that it works. */
  readonly sighted: boolean;
  /** Whether the file opens and reads as a database without a key. */
  readonly opens: boolean;
}

interface Search {
  directory: string;
  name: string;
  words: readonly string[];
  driver: string;
}

const timeoutMs = 20_000;

/**
 * Searches the database file and the files next to it, in a separate process. A process that has an SQLite file open
 * must not open and close it by other means, or it loses its locks (sqlite.org/howtocorrupt.html §2.2).
 */
export async function searchStorage(
  path: string,
  words: readonly string[],
): Promise<readonly StorageFile[]> {
  const file = resolve(path);
  const driver = createRequire(import.meta.url).resolve('libsql');
  const search: Search = { directory: dirname(file), name: basename(file), words, driver };
  // Only `searchFiles` writes this output.
  return JSON.parse(await runApart(searchFiles, JSON.stringify(search))) as readonly StorageFile[];
}

/** Runs a self-contained function in a new process and returns its output. */
function runApart(work: (input: string) => void, input: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--eval', `(${work.toString()})(process.env.SEARCH)`], {
      env: { SEARCH: input },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const [output, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(Buffer.concat(output).toString('utf8'));
      else
        fail(
          new Error('The storage files could not be searched.', {
            cause: Buffer.concat(complaints).toString('utf8').slice(0, 2_000),
          }),
        );
    });
  });
}

/** Runs in a separate process, without imports or other functions of this module. */
function searchFiles(input: string): void {
  const fs = process.getBuiltinModule('node:fs');
  const { createRequire: requireFrom } = process.getBuiltinModule('node:module');
  const { directory, name, words, driver }: Search = JSON.parse(input);
  const piece = 4 * 1024 * 1024;
  const overlap = 512;

  const look = (suffix: string) => {
    const file = `${directory}/${name}${suffix}`;
    const handle = fs.openSync(file, 'r');
    const { size } = fs.fstatSync(handle);
    const readAt = (at: number, length: number) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, fs.readSync(handle, buffer, 0, length, at));
    };
    const ownBytes = readAt(Math.max(0, Math.floor(size / 2) - 12), 24);
    const found = new Set<string>();
    let sighted = false;
    for (let at = 0; at < size; at += piece) {
      const bytes = readAt(Math.max(0, at - overlap), piece + overlap);
      for (const word of words)
        if (bytes.includes(word, 0, 'utf8') || bytes.includes(word, 0, 'utf16le')) found.add(word);
      sighted ||= bytes.includes(ownBytes);
    }
    const head = readAt(0, 16).toString('latin1');
    fs.closeSync(handle);
    return {
      suffix,
      bytes: size,
      head,
      found: [...found],
      sighted: sighted || size === 0,
      opens: suffix === '' && opensWithoutKey(file),
    };
  };

  const opensWithoutKey = (file: string) => {
    const Database = requireFrom(driver)(driver);
    const database = new Database(file, { readonly: true });
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return true;
    } catch {
      return false;
    } finally {
      database.close();
    }
  };

  const suffixes = fs
    .readdirSync(directory)
    .filter((entry) => entry.startsWith(name))
    .map((entry) => entry.slice(name.length));
  process.stdout.write(JSON.stringify(suffixes.map(look)));
}
