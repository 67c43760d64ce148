import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';

const run = promisify(execFile);
const cache = join(import.meta.dirname, '..', '.cache');
const secantusVersion = '0.7.0b3';
const minute = 60_000;

export interface Launch {
  port: number;
  directory: string;
  auth: boolean;
  syncOnCommit: boolean;
  keyFile: string;
}

/** A program that speaks MongoDB’s wire protocol. */
export interface Program {
  kind: string;
  command: string;
  args(launch: Launch): string[];
}

/**
 * The first that is available, in the order of `mongodb.md`; the first use of one may install it.
 */
export async function findProgram(): Promise<Program | null> {
  return (await mongodOnPath()) ?? (await secantus()) ?? (await downloadedMongod());
}

function mongod(command: string, kind: string): Program {
  return {
    kind,
    command,
    args: ({ port, directory, auth, keyFile }) => [
      '--bind_ip',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--dbpath',
      directory,
      '--replSet',
      'flowcept',
      ...(auth ? ['--auth', '--keyFile', keyFile] : []),
    ],
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function mongodOnPath(): Promise<Program | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const systemBinary = join(folder, 'mongod');
    if (folder !== '' && (await exists(systemBinary))) {
      return mongod(await MongoBinary.getPath({ systemBinary }), 'mongod');
    }
  }
  return null;
}

async function downloadedMongod(): Promise<Program | null> {
  const download = MongoBinary.getPath({ downloadDir: join(cache, 'mongod') }).catch(() => null);
  const command = await Promise.race([download, wait(3 * minute, null, { ref: false })]);
  return command === null ? null : mongod(command, 'mongod, downloaded');
}

async function secantus(): Promise<Program | null> {
  const home = join(cache, 'secantus');
  const command = join(home, 'bin', 'secantusd-py');
  const ready = join(home, `ready-${secantusVersion}`);
  if (!(await exists(ready)) && !(await installSecantus(home, ready))) return null;
  return {
    kind: 'secantusdb',
    command,
    args: ({ port, directory, auth, syncOnCommit }) => [
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
      '--storage-path',
      directory,
      '--log-level',
      'WARNING',
      ...(auth ? ['--auth'] : []),
      ...(syncOnCommit ? ['--sync-on-commit'] : []),
    ],
  };
}

/** Once, however many test runs start at the same time. */
async function installSecantus(home: string, ready: string): Promise<boolean> {
  const lock = `${home}.lock`;
  await mkdir(cache, { recursive: true });
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  ) {
    await wait(500);
    if (await exists(ready)) return true;
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > 5 * minute)
      await rename(lock, `${lock}.${process.pid}`).catch(() => undefined);
  }
  try {
    const python = await findPython();
    if (python === null) return false;
    await rm(home, { recursive: true, force: true });
    await run(python, ['-m', 'venv', home], { timeout: minute });
    const install = [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `secantusdb==${secantusVersion}`,
    ];
    await run(join(home, 'bin', 'pip'), install, { timeout: 4 * minute });
    await writeFile(ready, '');
    return true;
  } catch (error) {
    console.warn(
      `secantusdb could not be installed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function findPython(): Promise<string | null> {
  const isFit = 'import sys; assert (3, 10) <= sys.version_info[:2] <= (3, 13)';
  for (const python of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    if (
      await run(python, ['-c', isFit], { timeout: 10_000 }).then(
        () => true,
        () => false,
      )
    )
      return python;
  }
  return null;
}
